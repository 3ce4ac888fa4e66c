-- One row per group with quartiles out of order, with too few figures, or with other quartiles without a median.
-- Severity: error.
SELECT n.year, n.level, n.is_simulated, n.indicator, n.figures, n.ratios
FROM norms AS n
INNER JOIN soft_thresholds AS t ON t.rule = 'peers' AND t.parameter = 'min_figures'
WHERE
    n.figures < t.value
    OR NOT coalesce(n.relative_q25 <= n.relative_q50 AND n.relative_q50 <= n.relative_q75 AND n.relative_q50 <= n.relative_top, TRUE)
    OR NOT coalesce(n.effect_q25 <= n.effect_q50 AND n.effect_q50 <= n.effect_q75, TRUE)
    OR (n.usual_ratio IS NULL) <> (n.effect_q50 IS NULL)
    OR (n.ratios < t.value) <> (n.effect_q50 IS NULL)
    OR n.is_simulated <> (n.provenance = 'simulated')
