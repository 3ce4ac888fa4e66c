-- One row per figure of another kind of report that the annual report of the body and year gives too: both and their difference.
SELECT
    y.kind, y.body_id, b.name AS body, y.year, y."table", y.indicator, y.series, k.zh, k.en, y.known, y.value,
    y.quarters, o.indicator AS annual_indicator, o.value AS annual_value, o.value - y.known AS difference,
    o.report_id AS annual_report,
    CASE WHEN o.provenance = y.provenance THEN y.provenance ELSE 'mixed' END AS provenance
FROM kind_years AS y
INNER JOIN kind_rows AS k
    ON k.kind = y.kind AND k."table" = y."table" AND k."row" = y.indicator AND k."column" = y.series
INNER JOIN observations AS o
    ON o.body_id = y.body_id AND o.year = y.year AND o.indicator = k.annual AND o.applicant = 'total'
LEFT JOIN bodies AS b ON b.body_id = y.body_id
WHERE y.known IS NOT NULL AND o.value IS NOT NULL
