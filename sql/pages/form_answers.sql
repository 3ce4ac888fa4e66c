-- One row per answered finding on the reports behind the form of $body: its own report, or those that are counted.
SELECT f.identity, f."place", f.answer, f.reason, f.evidence, f.decided_by, r.body, r.form
FROM findings AS f
INNER JOIN reports AS r ON r.report_id = f.report_id AND r.year = $year AND r.status = 'loaded'
WHERE
    f.status = 'fail'
    AND f.answer IN ('confirmed', 'returned')
    AND (
        ($basis = 'reported' AND r.body_id = $body)
        OR ($basis = 'compiled' AND r.body_id IN (SELECT contributor FROM contributors WHERE body_id = $body AND year = $year))
    )
ORDER BY r.body_id, f.identity, f."place", f.note
