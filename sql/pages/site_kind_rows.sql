-- One row per cell of other kinds of report that any report fills.
SELECT
    k.kind, concat(k."table", '/', k."row", '/', k."column") AS cell, k.zh, k.en, k.column_zh, k.column_en, k.unit,
    k.measure
FROM kind_rows AS k
WHERE EXISTS (
    SELECT 1 FROM kind_values AS v
    WHERE v.kind = k.kind AND v.cell = concat(k."table", '/', k."row", '/', k."column")
)
ORDER BY k.position
