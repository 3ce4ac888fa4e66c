-- One row per report and kind of document whose body also reported the year before on this form: the number in force
-- follows from that of the year before.
-- Looks back one year.
WITH stock AS (
    SELECT
        c.report_id, r.body_id, r.year, r.provenance, c."row",
        max(CASE WHEN c."column" = 'in_force' THEN c.value END) AS in_force,
        max(CASE WHEN c."column" = 'issued' THEN c.value END) AS issued,
        max(CASE WHEN c."column" = 'repealed' THEN c.value END) AS repealed,
        count(CASE WHEN c."column" = 'in_force' THEN 1 END) AS printed
    FROM edited AS c
    INNER JOIN reports AS r ON r.report_id = c.report_id
    WHERE c."table" = 'proactive'
    GROUP BY c.report_id, r.body_id, r.year, r.provenance, c."row"
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
    concat(b.report_id, ' proactive/', a."row", '/in_force') AS note,
    CASE WHEN b.provenance <> a.provenance THEN 'mixed' ELSE a.provenance END AS provenance
FROM stock AS a
INNER JOIN stock AS b ON b.body_id = a.body_id AND b.year = a.year - 1 AND b."row" = a."row"
WHERE a.printed > 0 AND b.printed > 0
