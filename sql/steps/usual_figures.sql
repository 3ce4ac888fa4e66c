-- One row per year, group, simulated or not, and indicator with enough figures: their median.
-- Looks back one year.
WITH placed AS (
    SELECT
        year, level, is_simulated, indicator, value,
        row_number() OVER (PARTITION BY year, level, is_simulated, indicator ORDER BY value, report_id) AS place,
        count(*) OVER (PARTITION BY year, level, is_simulated, indicator) AS figures
    FROM peer_figures
),

provenances AS (
    SELECT
        year, level, is_simulated, indicator,
        CASE WHEN min(provenance) = max(provenance) THEN min(provenance) ELSE 'mixed' END AS provenance
    FROM peer_figures
    GROUP BY year, level, is_simulated, indicator
)

SELECT p.year, p.level, p.is_simulated, p.indicator, p.figures, CAST(p.value AS DECIMAL(18, 6)) AS usual, v.provenance
FROM placed AS p
CROSS JOIN soft_limits AS l
INNER JOIN provenances AS v
    ON v.year = p.year AND v.level = p.level AND v.is_simulated = p.is_simulated AND v.indicator = p.indicator
WHERE p.figures >= l.min_figures AND 2 * p.place >= p.figures AND 2 * (p.place - 1) < p.figures
