-- One row per year, group, simulated or not, and indicator: the quartiles of its sized figures, and the top of the group.
-- The top is the largest figure below the first gap of several standard deviations above the median (sigma-gap rule). The
-- deviation is that of the logarithms, estimated from the quartiles.
-- Looks back one year.
WITH placed AS (
    SELECT
        year, level, is_simulated, indicator, relative,
        row_number() OVER (PARTITION BY year, level, is_simulated, indicator ORDER BY relative, report_id) AS place,
        count(*) OVER (PARTITION BY year, level, is_simulated, indicator) AS figures,
        lag(relative) OVER (PARTITION BY year, level, is_simulated, indicator ORDER BY relative, report_id) AS previous
    FROM sized_figures
),

quartiles AS (
    SELECT
        p.year, p.level, p.is_simulated, p.indicator, p.figures,
        min(CASE WHEN 4 * p.place >= p.figures THEN p.relative END) AS q25,
        min(CASE WHEN 2 * p.place >= p.figures THEN p.relative END) AS q50,
        min(CASE WHEN 4 * p.place >= 3 * p.figures THEN p.relative END) AS q75
    FROM placed AS p
    CROSS JOIN soft_limits AS l
    WHERE p.figures >= l.min_figures
    GROUP BY p.year, p.level, p.is_simulated, p.indicator, p.figures
),

gaps AS (
    SELECT
        q.year, q.level, q.is_simulated, q.indicator,
        min(CASE WHEN ln(p.relative / p.previous) >= l.sigmas * greatest(ln(q.q75 / q.q25) / 1.349e0, l.min_sigma)
            THEN p.place END) AS place
    FROM quartiles AS q
    CROSS JOIN soft_limits AS l
    INNER JOIN placed AS p
        ON p.year = q.year AND p.level = q.level AND p.is_simulated = q.is_simulated AND p.indicator = q.indicator
    WHERE 2 * p.place > q.figures AND p.previous IS NOT NULL
    GROUP BY q.year, q.level, q.is_simulated, q.indicator
)

SELECT
    q.year, q.level, q.is_simulated, q.indicator, q.figures, q.q25, q.q50, q.q75,
    max(CASE WHEN g.place IS NULL OR p.place < g.place THEN p.relative END) AS top
FROM quartiles AS q
INNER JOIN gaps AS g
    ON g.year = q.year AND g.level = q.level AND g.is_simulated = q.is_simulated AND g.indicator = q.indicator
INNER JOIN placed AS p
    ON p.year = q.year AND p.level = q.level AND p.is_simulated = q.is_simulated AND p.indicator = q.indicator
GROUP BY q.year, q.level, q.is_simulated, q.indicator, q.figures, q.q25, q.q50, q.q75
