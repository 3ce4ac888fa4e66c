-- One row per finding of an identity whose two sides together are not the sum of its cells.
-- Severity: error.
-- Within one body.
-- A side is unknown only if one of the cells is.
WITH parts AS (
    SELECT f.report_id, f.identity, f."place", f.lhs, f.rhs, unnest(f.cells) AS cell
    FROM findings AS f
    SEMI JOIN identities AS i ON i.identity = f.identity AND i.equation IS NOT NULL
)

SELECT p.report_id, p.identity, p."place", p.lhs, p.rhs, sum(v.value) AS sum_of_cells
FROM parts AS p
LEFT JOIN edited_values AS v ON v.report_id = p.report_id AND v.cell = p.cell
GROUP BY p.report_id, p.identity, p."place", p.lhs, p.rhs
HAVING p.lhs + p.rhs IS DISTINCT FROM CASE WHEN count(v.value) = count(*) THEN sum(v.value) END
