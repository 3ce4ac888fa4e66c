-- One row per cell of a report of a body with members that these report too: it equals their sum. Unknown unless all gave it.
SELECT
    o.report_id,
    'city.compile' AS identity,
    o.cell AS place,
    CASE
        WHEN c.members_counted < c.members_expected OR c.reported IS NULL THEN 'unknown'
        WHEN c.difference = 0 THEN 'pass'
        ELSE 'fail'
    END AS status,
    c.reported AS lhs,
    c.compiled AS rhs,
    'warning' AS severity,
    replace(o.cell, '+', ' ') AS cells,
    concat(c.members_counted, '/', c.members_expected) AS note,
    CASE WHEN c.compiled_provenance <> o.provenance THEN 'mixed' ELSE o.provenance END AS provenance
FROM compiled AS c
INNER JOIN observations AS o
    ON o.body_id = c.body_id AND o.year = c.year AND o.indicator = c.indicator AND o.applicant = c.applicant
WHERE c.compiled IS NOT NULL
