-- One row per comparable figure with a ratio to the year before and norms: how far the ratio is from the others.
-- `score` is the effect of Hidiroglou and Berthelot, in quartile distances from its median, negative for a fall.
-- Looks back one year.
WITH candidates AS (
    SELECT
        f.report_id, f.indicator, greatest(f.value, f.prior) AS larger,
        f.value / f.prior / greatest(CAST(n.usual_ratio AS DOUBLE), 1e-6) AS centred,
        CAST(n.effect_q25 AS DOUBLE) AS q25, CAST(n.effect_q50 AS DOUBLE) AS q50, CAST(n.effect_q75 AS DOUBLE) AS q75,
        row_number() OVER (PARTITION BY f.report_id, f.indicator ORDER BY n.level DESC) AS choice
    FROM peer_figures AS f
    INNER JOIN norms AS n
        ON n.year = f.year AND n.level = f.level AND n.is_simulated = f.is_simulated AND n.indicator = f.indicator
    WHERE f.is_current AND f.prior > 0 AND n.effect_q50 IS NOT NULL
),

effects AS (
    SELECT
        c.report_id, c.indicator, c.q50,
        CASE WHEN c.centred >= 1 THEN c.centred - 1 ELSE 1 - 1 / c.centred END * power(c.larger, l.exponent) AS effect,
        greatest(c.q75 - c.q50, l.min_width * greatest(abs(c.q50), 1)) AS above,
        greatest(c.q50 - c.q25, l.min_width * greatest(abs(c.q50), 1)) AS below
    FROM candidates AS c
    CROSS JOIN soft_limits AS l
    WHERE c.choice = 1
)

SELECT report_id, indicator, (effect - q50) / CASE WHEN effect >= q50 THEN above ELSE below END AS score
FROM effects
