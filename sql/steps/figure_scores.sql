-- One row per comparable figure that is not in doubt and that nobody decided: its ratio to the year before, and how it compares with its peers.
-- `factor` is the power of ten next to the ratio, or to its inverse for a fall. `moved` is the share of the figures of the
-- report whose ratio has the same factor.
-- Looks back one year.
WITH ratios AS (
    SELECT
        f.report_id, f.indicator, f.cell, f.unit, f.value, f.prior, f.in_doubt, f.provenance,
        f.value / f.prior AS ratio,
        round(log10(f.value / f.prior)) AS tens
    FROM comparable_figures AS f
    WHERE f.prior > 0
    UNION ALL
    SELECT report_id, indicator, cell, unit, value, prior, in_doubt, provenance, NULL, NULL
    FROM comparable_figures
    WHERE prior = 0 OR prior IS NULL
),

alike AS (
    SELECT report_id, tens, count(*) AS figures
    FROM ratios
    WHERE tens IS NOT NULL
    GROUP BY report_id, tens
),

compared AS (
    SELECT report_id, sum(figures) AS figures FROM alike GROUP BY report_id
)

SELECT
    r.report_id, r.cell, r.unit, r.value, r.prior, r.provenance, r.ratio,
    power(10e0, abs(r.tens)) AS factor,
    CASE WHEN a.figures > 2 AND a.tens <> 0 THEN 1e0 * a.figures / c.figures ELSE 0e0 END AS moved,
    p.relative, p.expected, p.high, p.far_high, p.low, p.gaps, s.score
FROM ratios AS r
LEFT JOIN alike AS a ON a.report_id = r.report_id AND a.tens = r.tens
LEFT JOIN compared AS c ON c.report_id = r.report_id
LEFT JOIN peer_scores AS p ON p.report_id = r.report_id AND p.indicator = r.indicator
LEFT JOIN ratio_scores AS s ON s.report_id = r.report_id AND s.indicator = r.indicator
LEFT JOIN decisions AS d ON d.report_id = r.report_id AND d.cell = r.cell AND d.status = 'applied'
WHERE d.cell IS NULL AND r.in_doubt IS NULL
