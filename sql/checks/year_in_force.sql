-- One row a report and kind of document whose body also reported the year before on this form: the stock in force follows.
WITH stock AS (
    SELECT
        report_id, "row",
        max(CASE WHEN "column" = 'in_force' THEN value END) AS in_force,
        max(CASE WHEN "column" = 'issued' THEN value END) AS issued,
        max(CASE WHEN "column" = 'repealed' THEN value END) AS repealed,
        count(CASE WHEN "column" = 'in_force' THEN 1 END) AS printed
    FROM edited
    WHERE "table" = 'proactive'
    GROUP BY report_id, "row"
)

SELECT
    a.report_id,
    'year.in_force' AS identity,
    concat('proactive/', a."row", '/in_force') AS place,
    CASE
        WHEN a.in_force IS NULL OR b.in_force + a.issued - a.repealed IS NULL THEN 'unknown'
        WHEN a.in_force = b.in_force + a.issued - a.repealed THEN 'pass'
        ELSE 'fail'
    END AS status,
    a.in_force AS lhs,
    b.in_force + a.issued - a.repealed AS rhs,
    'warning' AS severity,
    concat('proactive/', a."row", '/in_force ', 'proactive/', a."row", '/issued ', 'proactive/', a."row", '/repealed') AS cells,
    concat(q.report_id, ' proactive/', a."row", '/in_force') AS note,
    CASE WHEN q.provenance <> r.provenance THEN 'mixed' ELSE r.provenance END AS provenance
FROM stock AS a
INNER JOIN reports AS r ON r.report_id = a.report_id
INNER JOIN reports AS q ON q.body_id = r.body_id AND q.year = r.year - 1
INNER JOIN stock AS b ON b.report_id = q.report_id AND b."row" = a."row"
WHERE a.printed > 0 AND b.printed > 0
