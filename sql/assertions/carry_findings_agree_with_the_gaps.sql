-- One row per finding about applications carried in that says otherwise than the gap to the year before.
-- Severity: error.
SELECT f.report_id, f."place", f.status, f.lhs, f.rhs, c.carried_in, c.carried_out_before, c.gap
FROM findings AS f
INNER JOIN reports AS r ON r.report_id = f.report_id
INNER JOIN carry AS c ON c.body_id = r.body_id AND c.year = r.year AND c.applicant = split_part(f."place", '/', 3)
WHERE
    f.identity = 'year.carry'
    AND (f.lhs IS DISTINCT FROM c.carried_in OR f.rhs IS DISTINCT FROM c.carried_out_before OR f.difference IS DISTINCT FROM c.gap)
