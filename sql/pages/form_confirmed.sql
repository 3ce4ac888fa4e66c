-- One row per failed identity on the reports behind the form of $body that a person confirmed as printed.
SELECT DISTINCT f.identity, f."place", r.body_id
FROM findings AS f
INNER JOIN reports AS r ON r.report_id = f.report_id AND r.year = $year AND r.status = 'loaded'
WHERE
    f.status = 'fail'
    AND f.answer = 'confirmed'
    AND (
        ($basis = 'reported' AND r.body_id = $body)
        OR ($basis = 'compiled' AND r.body_id IN (SELECT contributor FROM contributors WHERE body_id = $body AND year = $year))
    )
