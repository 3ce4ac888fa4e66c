-- One row a report and kind of item whose body also reported the year before on this form: last year's items follow.
WITH items AS (
    SELECT
        report_id, "row",
        max(CASE WHEN "column" = 'items_prior' THEN value END) AS prior,
        max(CASE WHEN "column" = 'items_change' THEN value END) AS change,
        count(CASE WHEN "column" = 'items_prior' THEN 1 END) AS printed
    FROM edited
    WHERE "table" = 'proactive'
    GROUP BY report_id, "row"
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
    concat(q.report_id, ' proactive/', a."row", '/items_prior+items_change') AS note,
    CASE WHEN q.provenance <> r.provenance THEN 'mixed' ELSE r.provenance END AS provenance
FROM items AS a
INNER JOIN reports AS r ON r.report_id = a.report_id
INNER JOIN reports AS q ON q.body_id = r.body_id AND q.year = r.year - 1
INNER JOIN items AS b ON b.report_id = q.report_id AND b."row" = a."row"
WHERE a.printed > 0 AND b.printed > 0
