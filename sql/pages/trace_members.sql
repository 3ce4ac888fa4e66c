-- One row per report in the compiled figures of $body, and per member without one: its figure; null where it gives none.
-- `member` is the member through which the report counts.
WITH parts AS (
    SELECT c.member, c.contributor FROM contributors AS c WHERE c.body_id = $body AND c.year = $year
    UNION ALL
    SELECT d.body_id, d.body_id
    FROM due AS d
    WHERE
        d.parent = $body
        AND d.year = $year
        AND d.body_id NOT IN (SELECT member FROM contributors WHERE body_id = $body AND year = $year)
)

SELECT
    p.member, m.body AS member_name, d.body_id, d.body, d.status, d.note, o.value, o.unit, o.obs_status, o.in_doubt,
    o.implied, o.provenance, o.report_id, o.cell, r.path, r.form
FROM parts AS p
INNER JOIN due AS d ON d.body_id = p.contributor AND d.year = $year
INNER JOIN due AS m ON m.body_id = p.member AND m.year = $year
LEFT JOIN observations AS o
    ON o.body_id = d.body_id AND o.year = d.year AND o.indicator = $indicator AND o.applicant = $applicant
LEFT JOIN reports AS r ON r.report_id = d.report_id
ORDER BY d.status <> 'loaded', p.member, p.member <> d.body_id, d.body_id
