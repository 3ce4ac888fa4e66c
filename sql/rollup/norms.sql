-- One row per year, group of bodies, simulated or not, and indicator: usual figures, relative to the size of a body.
-- `level` is the level of the bodies, or `*` for all levels. The figures are those above 0 of the year and the one before.
-- The effects are those of Hidiroglou and Berthelot, of the ratio to the year before; null with too few.
-- Looks back one year.
SELECT
    u.year, u.level, u.is_simulated, u.indicator, u.figures, u.usual,
    CAST(n.q25 AS DECIMAL(18, 6)) AS relative_q25,
    CAST(n.q50 AS DECIMAL(18, 6)) AS relative_q50,
    CAST(n.q75 AS DECIMAL(18, 6)) AS relative_q75,
    CAST(n.top AS DECIMAL(18, 6)) AS relative_top,
    coalesce(r.figures, 0) AS ratios,
    CAST(r.usual_ratio AS DECIMAL(18, 6)) AS usual_ratio,
    CAST(r.q25 AS DECIMAL(18, 6)) AS effect_q25,
    CAST(r.q50 AS DECIMAL(18, 6)) AS effect_q50,
    CAST(r.q75 AS DECIMAL(18, 6)) AS effect_q75,
    u.provenance
FROM usual_figures AS u
LEFT JOIN relative_norms AS n
    ON n.year = u.year AND n.level = u.level AND n.is_simulated = u.is_simulated AND n.indicator = u.indicator
LEFT JOIN ratio_norms AS r
    ON r.year = u.year AND r.level = u.level AND r.is_simulated = u.is_simulated AND r.indicator = u.indicator
