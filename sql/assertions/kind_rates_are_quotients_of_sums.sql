-- One row per rate of a year that is not the quotient of its two sums over the quarters that have both.
-- Severity: error.
WITH terms AS (
    SELECT
        y.kind, y.body_id, y.subject, y.year, y."table", y.indicator, y.series, y.known,
        sum(p.value) AS part, sum(w.value) AS whole
    FROM kind_years AS y
    INNER JOIN kinds AS n ON n.kind = y.kind AND n.period = 'quarter'
    INNER JOIN kind_rows AS k
        ON k.kind = y.kind AND k."table" = y."table" AND k."row" = y.indicator AND k."column" = y.series
    LEFT JOIN kind_reports AS r
        ON
            r.kind = y.kind AND r.body_id = y.body_id AND coalesce(r.subject, '') = y.subject AND r.year = y.year
            AND list_contains(y.quarters, CAST(r.quarter AS VARCHAR)) AND r.status <> 'quarantined'
    LEFT JOIN kind_values AS p ON p.report_id = r.report_id AND p.cell = k.part
    LEFT JOIN kind_values AS w ON w.report_id = r.report_id AND w.cell = k.whole
    WHERE y.measure = 'rate'
    GROUP BY ALL
)

SELECT kind, body_id, year, indicator, series, known, part, whole
FROM terms
WHERE known IS DISTINCT FROM CAST(round(100 * part / nullif(whole, 0), 4) AS DECIMAL(18, 6))
