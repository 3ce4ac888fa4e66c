-- One row per report and other report that it repeats: that of the same body of the year before, or of another body.
-- Small bodies print nearly only zeros, and numbers in force stay the same. So a report counts only with enough numbers of
-- the year that are not zero, and enough different ones.
-- Looks back one year.
WITH numbers AS (
    SELECT report_id, "table", "row", "column", value
    FROM cells
    WHERE
        value <> 0
        AND "column" NOT IN ('in_force', 'total_disclosed', 'items_prior')
        AND NOT ("table" = 'statistics' AND ("row" LIKE 'staff%' OR "row" IN ('offices', 'reading_points')))
),

candidates AS (
    SELECT
        r.report_id, r.body_id, r.year, r.form, r.provenance,
        count(*) AS figures, sum(n.value) AS total, max(n.value) AS greatest
    FROM numbers AS n
    INNER JOIN reports AS r ON r.report_id = n.report_id
    CROSS JOIN soft_limits AS l
    WHERE r.status = 'loaded'
    GROUP BY r.report_id, r.body_id, r.year, r.form, r.provenance
    HAVING count(*) >= max(l.min_repeated_figures) AND count(DISTINCT n.value) >= max(l.min_repeated_values)
),

-- Reports of different bodies are compared only if count, sum and greatest number agree.
pairs AS (
    SELECT a.report_id, b.report_id AS other, 'year' AS kind, a.figures, b.figures AS other_figures, a.provenance,
        b.provenance AS other_provenance
    FROM candidates AS a
    INNER JOIN candidates AS b ON b.body_id = a.body_id AND b.year = a.year - 1 AND b.form = a.form
    UNION ALL
    SELECT a.report_id, b.report_id, 'body', a.figures, b.figures, a.provenance, b.provenance
    FROM candidates AS a
    INNER JOIN candidates AS b
        ON b.year = a.year
        AND b.form = a.form
        AND b.figures = a.figures
        AND b.total = a.total
        AND b.greatest = a.greatest
        AND coalesce(nullif(b.body_id, ''), b.report_id) <> coalesce(nullif(a.body_id, ''), a.report_id)
),

-- Materialized, here and below: the numbers of one report meet those of the other only through a pair. Otherwise the
-- plan may join the cells of all reports by table, row and column first, which is the square of their number.
numbers_of_pairs AS MATERIALIZED (
    SELECT p.*, a."table", a."row", a."column", a.value
    FROM pairs AS p
    INNER JOIN numbers AS a ON a.report_id = p.report_id
),

alike AS (
    SELECT a.report_id, a.other, a.kind, a.figures, a.other_figures, a.provenance, a.other_provenance,
        count(*) AS in_both,
        count(CASE WHEN a.value = b.value THEN 1 END) AS equal
    FROM numbers_of_pairs AS a
    INNER JOIN numbers AS b
        ON b.report_id = a.other AND b."table" = a."table" AND b."row" = a."row" AND b."column" = a."column"
    GROUP BY a.report_id, a.other, a.kind, a.figures, a.other_figures, a.provenance, a.other_provenance
),

repeated AS (
    SELECT
        e.report_id, e.kind, min(e.other) AS other,
        CASE WHEN max(e.other_provenance) <> e.provenance THEN 'mixed' ELSE e.provenance END AS provenance
    FROM alike AS e
    CROSS JOIN soft_limits AS l
    WHERE
        e.equal >= l.min_repeated_figures
        AND e.equal >= l.min_repeated_share * (e.figures + e.other_figures - e.in_both)
    GROUP BY e.report_id, e.kind, e.provenance
),

cells_of_repeated AS MATERIALIZED (
    SELECT t.*, a."table", a."row", a."column", a.value
    FROM repeated AS t
    INNER JOIN cells AS a ON a.report_id = t.report_id AND a.value IS NOT NULL
)

SELECT
    a.report_id, a.other, a.kind, a.provenance,
    count(*) AS compared,
    count(CASE WHEN a.value = b.value THEN 1 END) AS equal,
    count(CASE WHEN a.value = b.value AND a.value <> 0 THEN 1 END) AS equal_not_zero
FROM cells_of_repeated AS a
INNER JOIN cells AS b
    ON b.report_id = a.other
    AND b."table" = a."table"
    AND b."row" = a."row"
    AND b."column" = a."column"
    AND b.value IS NOT NULL
GROUP BY a.report_id, a.other, a.kind, a.provenance
