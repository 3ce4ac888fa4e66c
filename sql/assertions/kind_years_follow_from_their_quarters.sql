-- One row per value of a year that its quarters do not give: a sum, the last one, or a rate of sums; and per missing quarter
-- that has a value.
-- Severity: error.
WITH given AS (
    SELECT
        y.kind, y.body_id, y.subject, y.year, y."table", y.indicator, y.series, y.measure, y.value, y.known, y.quarters,
        y.missing, k.period,
        sum(v.value) AS total, count(v.value) AS counted, max(v.value) AS greatest, min(v.value) AS least,
        arg_max(v.value, v.quarter) AS last_value, max(v.quarter) FILTER (WHERE v.value IS NOT NULL) AS last_quarter
    FROM kind_years AS y
    INNER JOIN kinds AS k ON k.kind = y.kind
    LEFT JOIN kind_values AS v
        ON
            v.kind = y.kind AND v.body_id = y.body_id AND coalesce(v.subject, '') = y.subject AND v.year = y.year
            AND v.cell = concat(y."table", '/', y.indicator, '/', y.series)
    GROUP BY ALL
)

SELECT kind, body_id, subject, year, indicator, series, measure, value, known, total, quarters, missing
FROM given
WHERE
    (period = 'quarter' AND len(quarters) + len(missing) <> 4)
    OR (period = 'year' AND len(quarters) + len(missing) <> 0)
    OR (measure = 'flow' AND len(missing) > 0 AND value IS NOT NULL)
    OR (measure = 'flow' AND period = 'quarter' AND known IS DISTINCT FROM total)
    OR (measure <> 'rate' AND period = 'quarter' AND counted <> len(quarters))
    OR (measure = 'stock' AND period = 'quarter' AND known IS DISTINCT FROM last_value)
    OR (measure = 'stock' AND period = 'quarter' AND (value IS NOT NULL) <> coalesce(last_quarter = 4, FALSE))
    OR (period = 'year' AND known IS DISTINCT FROM total)
    OR (value IS NOT NULL AND value IS DISTINCT FROM known)
