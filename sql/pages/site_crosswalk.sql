-- One row per line of the crosswalk: a cell of a form, and the indicator that it is comparable with, or why none is.
SELECT form, "table", "row", "column", indicator, relation, note
FROM crosswalk
ORDER BY position
