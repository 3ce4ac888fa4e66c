-- One row per report whose prose gives a growth rate: the figures of the two years give the same rate, to the printed
-- decimals.
-- Looks back one year.
WITH printed_rates AS (
    SELECT
        f.report_id, r.body_id, r.year, r.provenance, f."row", f.value, min(f.raw) AS raw,
        max(CASE WHEN f.approximate THEN 1 ELSE 0 END) AS approximate,
        length(regexp_extract(min(f.raw), '[.]([0-9]+)[%％]', 1)) AS decimals
    FROM figures AS f
    INNER JOIN reports AS r ON r.report_id = f.report_id
    WHERE f."row" IN ('disclosed.items_growth', 'applications.growth') AND f.scope = 'whole'
    GROUP BY f.report_id, r.body_id, r.year, r.provenance, f."row", f.value
),

-- The growth of applications is that of those taken up (收办) where the prose counts them, else of the new ones. A figure
-- that is only estimated (18万余条) gives no rate.
base AS (
    SELECT body_id, year, 'disclosed.items_growth' AS "row", CASE WHEN obs_status <> 'E' THEN value END AS value
    FROM observations
    WHERE indicator = 'disclosed.items' AND applicant = 'total'
    UNION ALL
    SELECT o.body_id, o.year, 'applications.growth', CASE WHEN max(f.report_id) IS NOT NULL THEN max(f.value) ELSE max(o.value) END
    FROM observations AS o
    LEFT JOIN figures AS f
        ON f.report_id = o.report_id AND f."row" = 'applications.handled' AND f.scope = 'taken_up' AND NOT f.approximate
    WHERE o.indicator = 'applications.new' AND o.applicant = 'total'
    GROUP BY o.body_id, o.year
),

both_years AS (
    SELECT
        s.report_id, s."row", s.value, s.raw, s.approximate, s.decimals, s.provenance,
        a.value AS this_year, b.value AS last_year
    FROM printed_rates AS s
    LEFT JOIN base AS a ON a.body_id = s.body_id AND a.year = s.year AND a."row" = s."row"
    LEFT JOIN base AS b ON b.body_id = s.body_id AND b.year = s.year - 1 AND b."row" = s."row"
)

SELECT
    report_id,
    'narrative.growth' AS identity,
    concat('narrative/', "row", '/value') AS place,
    CASE
        WHEN this_year IS NULL OR last_year IS NULL OR last_year = 0 OR approximate = 1 THEN 'unknown'
        WHEN abs(100e0 * (this_year - last_year) / last_year - value) <= 0.5 / power(10, decimals) + 1e-9 THEN 'pass'
        ELSE 'fail'
    END AS status,
    value AS lhs,
    CASE WHEN last_year > 0 THEN CAST(round(100e0 * (this_year - last_year) / last_year, 4) AS DECIMAL(18, 6)) END AS rhs,
    'warning' AS severity,
    concat('narrative/', "row", '/value') AS cells,
    raw AS note,
    provenance
FROM both_years
