-- One row per report and kind of item whose body also reported the year before on this form: the number of last year's
-- items follows from that report.
-- Looks back one year.
WITH items AS (
    SELECT
        c.report_id, r.body_id, r.year, r.provenance, c."row",
        max(CASE WHEN c."column" = 'items_prior' THEN c.value END) AS prior,
        max(CASE WHEN c."column" = 'items_change' THEN c.value END) AS change,
        count(CASE WHEN c."column" = 'items_prior' THEN 1 END) AS printed
    FROM edited AS c
    INNER JOIN reports AS r ON r.report_id = c.report_id
    WHERE c."table" = 'proactive'
    GROUP BY c.report_id, r.body_id, r.year, r.provenance, c."row"
)

SELECT
    a.report_id,
    'year.items' AS identity,
    concat('proactive/', a."row", '/items_prior') AS place,
    CASE
        WHEN a.prior IS NULL OR b.prior + b.change IS NULL THEN 'unknown'
        WHEN a.prior = b.prior + b.change THEN 'pass'
        ELSE 'fail'
    END AS status,
    a.prior AS lhs,
    b.prior + b.change AS rhs,
    'warning' AS severity,
    concat('proactive/', a."row", '/items_prior') AS cells,
    concat(b.report_id, ' proactive/', a."row", '/items_prior+items_change') AS note,
    CASE WHEN b.provenance <> a.provenance THEN 'mixed' ELSE a.provenance END AS provenance
FROM items AS a
INNER JOIN items AS b ON b.body_id = a.body_id AND b.year = a.year - 1 AND b."row" = a."row"
WHERE a.printed > 0 AND b.printed > 0
