-- One row per figure of a peer group whose body has a size: the figure relative to the usual one and to that size.
-- Looks back one year.
SELECT
    f.report_id, f.year, f.is_current, f.level, f.is_simulated, f.indicator,
    f.value / CAST(u.usual AS DOUBLE) / s.size AS relative
FROM peer_figures AS f
INNER JOIN usual_figures AS u
    ON u.year = f.year AND u.level = f.level AND u.is_simulated = f.is_simulated AND u.indicator = f.indicator
INNER JOIN report_sizes AS s ON s.report_id = f.report_id AND s.year = f.year AND s.level = f.level
