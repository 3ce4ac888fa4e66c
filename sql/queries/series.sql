-- 一个机关一项指标的历年数字，上报和汇总，标明表式和口径变化（-p body=… -p indicator=…） / a series over the years, reported and compiled
WITH both_bases AS (
    SELECT
        o.body_id, o.year, 'reported' AS basis, o.indicator, o.value, o.unit, o.series, o.obs_status, r.form,
        CASE WHEN o.in_doubt IS NULL THEN 0 ELSE 1 END AS in_doubt, CAST(NULL AS BIGINT) AS members_counted,
        CAST(NULL AS BIGINT) AS members_expected, o.provenance, o.report_id, o.cell
    FROM observations AS o
    INNER JOIN reports AS r ON r.report_id = o.report_id
    WHERE o.applicant = 'total'
    UNION ALL
    SELECT
        c.body_id, c.year, 'compiled', c.indicator, c.compiled, c.unit, c.series, NULL, NULL, c.in_doubt, c.members_counted,
        c.members_expected, c.compiled_provenance, NULL, NULL
    FROM compiled AS c
    WHERE c.applicant = 'total' AND c.compiled IS NOT NULL
)

SELECT
    o.year, b.name AS body, o.basis, o.indicator, o.value, o.unit, o.series, o.obs_status, o.form,
    o.series <> lag(o.series) OVER (PARTITION BY o.body_id, o.basis ORDER BY o.year) AS series_changed,
    o.members_counted, o.members_expected, o.in_doubt, o.provenance, o.report_id, o.cell
FROM both_bases AS o
INNER JOIN bodies AS b ON b.body_id = o.body_id
WHERE ($body IS NULL OR o.body_id = $body) AND o.indicator = coalesce($indicator, 'applications.new')
ORDER BY o.body_id, o.basis DESC, o.year
