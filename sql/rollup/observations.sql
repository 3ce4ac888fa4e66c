-- One row per body, year, indicator and kind of applicant: cells and prose figures, made comparable by the crosswalk.
-- `series` numbers the runs of forms that count the indicator alike. `total_id` is the key of the total of its parent to
-- which the figure contributes. It is null for unknown figures, for figures that do not add up, and for bodies that
-- need not report.
WITH figures_by_indicator AS (
    -- Without an aggregation, which would take longer than everything else: nearly all indicators have one cell.
    SELECT report_id, indicator, applicant, series, value, imputed, approximate, not_applicable, in_doubt, implied, cell
    FROM placed_figures
    WHERE parts = 1
    UNION ALL
    -- If one of the cells is unknown, so is their sum.
    SELECT
        report_id, indicator, applicant, max(series),
        CASE WHEN count(value) = max(parts) THEN sum(value) END,
        bool_or(imputed),
        bool_or(approximate),
        min(not_applicable),
        max(in_doubt),
        CASE WHEN count(CASE WHEN in_doubt IS NULL THEN value ELSE implied END) = max(parts)
            THEN sum(CASE WHEN in_doubt IS NULL THEN value ELSE implied END) END,
        string_agg(cell, '+' ORDER BY cell)
    FROM placed_figures
    WHERE parts > 1
    GROUP BY report_id, indicator, applicant
)

SELECT
    r.body_id, r.region_code, r.year, f.indicator, f.applicant, f.series,
    CAST(f.value AS DECIMAL(18, 6)) AS value,
    i.unit,
    CASE
        WHEN f.value IS NULL AND f.not_applicable = 1 THEN 'L'
        WHEN f.value IS NULL THEN 'M'
        WHEN f.imputed THEN 'I'
        WHEN f.approximate THEN 'E'
        ELSE 'A'
    END AS obs_status,
    CASE WHEN f.value IS NOT NULL THEN f.in_doubt END AS in_doubt,
    CASE WHEN f.value IS NOT NULL AND f.in_doubt IS NOT NULL THEN CAST(f.implied AS DECIMAL(18, 6)) END AS implied,
    r.provenance, f.report_id, f.cell,
    CASE
        WHEN d.parent IS NOT NULL AND d.status = 'loaded' AND i.additive = 'yes' AND f.value IS NOT NULL
            THEN concat(CAST(r.year AS VARCHAR), '/', d.parent, '/', f.indicator, '/', f.applicant)
    END AS total_id
FROM figures_by_indicator AS f
INNER JOIN reports AS r ON r.report_id = f.report_id
INNER JOIN indicators AS i ON i.indicator = f.indicator
LEFT JOIN due AS d ON d.report_id = f.report_id
