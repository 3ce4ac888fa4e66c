-- One row per finding about a city's figure that says otherwise than the status of its total.
-- Severity: error.
-- Within one body.
SELECT f.report_id, f."place", f.status, f.lhs, f.rhs, c.reported, c.compiled, c.status AS status_of_total
FROM findings AS f
INNER JOIN observations AS o ON o.report_id = f.report_id AND o.cell = f."place"
INNER JOIN compiled AS c
    ON c.body_id = o.body_id AND c.year = o.year AND c.indicator = o.indicator AND c.applicant = o.applicant
WHERE
    f.identity = 'city.compile'
    AND (
        f.lhs IS DISTINCT FROM c.reported
        OR f.rhs IS DISTINCT FROM c.compiled
        OR f.status <> CASE c.status WHEN 'equal' THEN 'pass' WHEN 'differs' THEN 'fail' ELSE 'unknown' END
    )
