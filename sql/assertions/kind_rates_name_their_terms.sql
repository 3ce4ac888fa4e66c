-- One row per rate of a kind with only one of its terms or a term that the kind lacks, and per kind that owes without a source.
-- Severity: error.
WITH addresses AS (
    SELECT kind, concat("table", '/', "row", '/', "column") AS cell FROM kind_rows
)

SELECT k.kind, k."row" AS name, k.measure, k.part, k.whole
FROM kind_rows AS k
LEFT JOIN addresses AS p ON p.kind = k.kind AND p.cell = k.part
LEFT JOIN addresses AS w ON w.kind = k.kind AND w.cell = k.whole
LEFT JOIN kinds AS n ON n.kind = k.kind
WHERE
    n.kind IS NULL
    OR (k.part IS NULL) <> (k.whole IS NULL)
    OR (k.part IS NOT NULL AND (p.cell IS NULL OR w.cell IS NULL OR k.measure <> 'rate'))
    OR (k.measure = 'rate' AND k.unit <> '%')
UNION ALL
SELECT kind, 'owed', period, NULL, NULL
FROM kinds
WHERE len(levels) > 0 AND (first_year IS NULL OR owed_source IS NULL)
