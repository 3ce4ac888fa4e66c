-- One row per year, group, simulated or not, and indicator: median ratio to the year before, quartiles of the effects.
-- The effect is that of Hidiroglou and Berthelot (1986): the ratio, centred on its median, times the size to the power U.
-- Looks back one year.
WITH ratios AS (
    SELECT
        report_id, year, level, is_simulated, indicator, value / prior AS ratio, greatest(value, prior) AS larger,
        row_number() OVER (PARTITION BY year, level, is_simulated, indicator ORDER BY value / prior, report_id) AS place,
        count(*) OVER (PARTITION BY year, level, is_simulated, indicator) AS figures
    FROM peer_figures
    WHERE is_current AND prior > 0
),

medians AS (
    SELECT r.year, r.level, r.is_simulated, r.indicator, r.figures, max(r.ratio) AS ratio
    FROM ratios AS r
    CROSS JOIN soft_limits AS l
    WHERE r.figures >= l.min_figures AND 2 * r.place >= r.figures AND 2 * (r.place - 1) < r.figures
    GROUP BY r.year, r.level, r.is_simulated, r.indicator, r.figures
),

effects AS (
    SELECT
        r.year, r.level, r.is_simulated, r.indicator, r.report_id, m.figures, m.ratio AS usual_ratio,
        CASE WHEN r.ratio >= m.ratio THEN r.ratio / m.ratio - 1 ELSE 1 - m.ratio / r.ratio END
            * power(r.larger, l.exponent) AS effect
    FROM ratios AS r
    CROSS JOIN soft_limits AS l
    INNER JOIN medians AS m
        ON m.year = r.year AND m.level = r.level AND m.is_simulated = r.is_simulated AND m.indicator = r.indicator
),

placed AS (
    SELECT
        year, level, is_simulated, indicator, figures, usual_ratio, effect,
        row_number() OVER (PARTITION BY year, level, is_simulated, indicator ORDER BY effect, report_id) AS place
    FROM effects
)

SELECT
    year, level, is_simulated, indicator, figures, usual_ratio,
    min(CASE WHEN 4 * place >= figures THEN effect END) AS q25,
    min(CASE WHEN 2 * place >= figures THEN effect END) AS q50,
    min(CASE WHEN 4 * place >= 3 * figures THEN effect END) AS q75
FROM placed
GROUP BY year, level, is_simulated, indicator, figures, usual_ratio
