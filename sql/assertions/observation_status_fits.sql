-- One row per observation whose status does not say that it is imputed, estimated, not applicable, missing or normal.
-- Severity: error.
-- Within one body.
WITH origins AS (
    SELECT
        o.report_id, o.indicator, o.applicant, o.value, o.obs_status,
        bool_or(v.is_changed) AS is_changed,
        bool_or(v.is_approximate) AS is_approximate,
        bool_and(v.kind = 'na') AS is_not_applicable
    FROM observed_cells AS o
    INNER JOIN published_cells AS v ON v.report_id = o.report_id AND v.cell = o.cell
    GROUP BY o.report_id, o.indicator, o.applicant, o.value, o.obs_status
)

SELECT report_id, indicator, applicant, value, obs_status
FROM origins
WHERE
    obs_status <> CASE
        WHEN value IS NULL THEN if(is_not_applicable, 'L', 'M')
        WHEN is_changed THEN 'I'
        WHEN is_approximate THEN 'E'
        ELSE 'A'
    END
