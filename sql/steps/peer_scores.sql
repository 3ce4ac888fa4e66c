-- One row per comparable figure with norms: the figure relative to its peers and to the size of the body, and the fences.
-- The norms are those of the level of the body, or of all levels if that level has too few figures. The fences are those
-- of a box plot of the logarithms. `gaps` is the distance to the top of the peers in standard deviations.
-- Looks back one year.
WITH candidates AS (
    SELECT
        f.report_id, f.indicator, f.value,
        CAST(n.usual AS DOUBLE) * s.size AS expected,
        f.value / CAST(n.usual AS DOUBLE) / s.size AS relative,
        greatest(CAST(n.relative_q25 AS DOUBLE), 1e-6) AS q25,
        greatest(CAST(n.relative_q50 AS DOUBLE), 1e-6) AS q50,
        greatest(CAST(n.relative_q75 AS DOUBLE), 1e-6) AS q75,
        greatest(CAST(n.relative_top AS DOUBLE), 1e-6) AS top,
        row_number() OVER (PARTITION BY f.report_id, f.indicator ORDER BY n.level DESC) AS choice
    FROM peer_figures AS f
    INNER JOIN norms AS n
        ON n.year = f.year AND n.level = f.level AND n.is_simulated = f.is_simulated AND n.indicator = f.indicator
    INNER JOIN report_sizes AS s ON s.report_id = f.report_id AND s.year = f.year AND s.level = f.level
    WHERE f.is_current AND n.relative_q50 IS NOT NULL
)

SELECT
    c.report_id, c.indicator, c.relative, c.expected * c.q50 AS expected,
    c.q75 * exp(l.fence * greatest(ln(c.q75 / c.q50), l.min_sigma)) AS high,
    c.q75 * exp(l.rise_fence * greatest(ln(c.q75 / c.q50), l.min_sigma)) AS far_high,
    c.q25 * exp(-l.fall_fence * greatest(ln(c.q50 / c.q25), l.min_sigma)) AS low,
    ln(c.relative / c.top) / greatest(ln(c.q75 / c.q25) / 1.349e0, l.min_sigma) AS gaps
FROM candidates AS c
CROSS JOIN soft_limits AS l
WHERE c.choice = 1
