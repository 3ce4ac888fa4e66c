-- One row per year, comparable figure of that year or the one before, and group: its level, or `*` for all levels.
-- Small groups have too few figures; relative to the size of the bodies, two years and all levels together have enough.
-- Looks back one year.
WITH two_years AS (
    SELECT report_id, year, TRUE AS is_current, level, is_simulated, indicator, value, prior, provenance
    FROM comparable_figures
    UNION ALL
    SELECT report_id, year + 1, FALSE, level, is_simulated, indicator, value, NULL, provenance
    FROM comparable_figures
)

SELECT report_id, year, is_current, level, is_simulated, indicator, value, prior, provenance
FROM two_years
UNION ALL
SELECT report_id, year, is_current, '*', is_simulated, indicator, value, prior, provenance
FROM two_years
