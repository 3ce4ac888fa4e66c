-- One row per report, year and group: the size of the body, the median of its figures relative to the usual ones.
-- Looks back one year.
WITH relative_figures AS (
    SELECT f.report_id, f.year, f.level, f.indicator, f.value / CAST(u.usual AS DOUBLE) AS relative
    FROM peer_figures AS f
    INNER JOIN usual_figures AS u
        ON u.year = f.year AND u.level = f.level AND u.is_simulated = f.is_simulated AND u.indicator = f.indicator
),

placed AS (
    SELECT
        report_id, year, level, relative,
        row_number() OVER (PARTITION BY report_id, year, level ORDER BY relative, indicator) AS place,
        count(*) OVER (PARTITION BY report_id, year, level) AS indicators
    FROM relative_figures
)

SELECT p.report_id, p.year, p.level, max(p.relative) AS size
FROM placed AS p
CROSS JOIN soft_limits AS l
WHERE p.indicators >= l.min_indicators AND 2 * p.place >= p.indicators AND 2 * (p.place - 1) < p.indicators
GROUP BY p.report_id, p.year, p.level
