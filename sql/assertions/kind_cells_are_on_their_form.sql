-- One row per number of a report that its kind does not have, or with another unit, or whose value contradicts its kind of text.
-- Severity: error.
SELECT c.report_id, c."table", c."row", c."column", c.raw, c.value, c.kind, c.unit, k.unit AS unit_of_kind
FROM kind_cells AS c
INNER JOIN kind_reports AS r ON r.report_id = c.report_id
LEFT JOIN kind_rows AS k
    ON k.kind = r.kind AND k."table" = c."table" AND k."row" = c."row" AND k."column" = c."column"
WHERE
    k.kind IS NULL
    OR c.unit <> k.unit
    OR (c.value IS NULL) <> (c.kind NOT IN ('number', 'zero'))
    OR (c.kind = 'zero' AND c.value <> 0)
    OR (c.grid IS NULL) <> (c."start" IS NOT NULL)
    OR c."start" >= c."end"
