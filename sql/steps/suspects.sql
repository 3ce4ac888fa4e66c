-- One row per figure that a soft edit asks about, with the first edit that applies: one cause is one finding.
-- From `alone_ratio` on, a ratio counts as the nearest power of ten; a smaller ratio must be near it.
-- Looks back one year.
WITH judged AS (
    SELECT
        s.report_id, s.cell, s.unit, s.value, s.prior, s.provenance, s.ratio, s.factor, s.relative, s.expected, s.score, s.gaps,
        s.prior >= l.min_prior OR (s.prior > 0 AND s.unit = '万元') AS had_size,
        -- A count in which zeros were added ends in zeros.
        (s.unit = '万元' OR s.value % s.factor = 0)
            AND (
                s.ratio >= l.alone_ratio
                OR (s.factor > 1 AND s.ratio BETWEEN s.factor / l.factor_window AND s.factor * l.factor_window)
            )
            AS is_factor,
        s.relative > s.high AND (s.score IS NULL OR s.score > l.distance) AS is_high,
        s.relative > s.far_high AND s.score > l.distance AS is_far_high,
        s.relative < s.low AND s.score < -l.distance AS is_low,
        s.relative > greatest(s.high, l.money_ratio) AS is_far_above,
        s.relative IS NULL OR s.relative / s.ratio <= s.high * l.factor_window AS was_usual,
        s.relative > s.high AND s.gaps >= l.sigmas AS has_gap
    FROM figure_scores AS s
    CROSS JOIN soft_limits AS l
    WHERE s.moved < l.moved_share
),

caused AS (
    SELECT
        j.report_id, j.cell, j.value, j.prior, j.provenance, j.ratio, j.factor, j.expected, j.score, j.gaps,
        CASE
            WHEN j.value >= l.min_value AND j.is_factor AND j.ratio >= l.alone_ratio THEN 'year.factor'
            WHEN j.value >= l.min_value AND j.had_size AND j.is_factor
                AND (j.is_high OR (j.relative IS NULL AND j.ratio >= l.no_peers_ratio))
                THEN 'year.factor'
            WHEN j.prior >= l.min_factor_fall AND j.ratio <= 1 / l.alone_ratio AND j.was_usual THEN 'year.factor'
            WHEN j.value >= l.min_value AND j.had_size AND j.ratio >= l.min_ratio AND j.is_far_high THEN 'year.ratio'
            WHEN j.prior >= l.min_fall AND j.ratio <= 1 / l.min_ratio AND j.is_low THEN 'year.ratio'
            -- An amount of both years may be in 元.
            WHEN j.unit = '万元' AND j.value >= l.money_limit THEN 'peer.factor'
            WHEN j.unit = '万元' AND j.value >= l.min_value AND (j.ratio IS NULL OR j.ratio >= l.min_ratio) AND j.is_far_above
                THEN 'peer.factor'
            WHEN j.ratio IS NULL AND j.value >= l.min_gap_value AND j.has_gap THEN 'peer.gap'
        END AS cause
    FROM judged AS j
    CROSS JOIN soft_limits AS l
),

-- The figures of a table whose parts add up change together: the largest change is asked about.
ranked AS (
    SELECT
        report_id, cell, value, prior, provenance, ratio, factor, expected, score, gaps, cause,
        row_number() OVER (
            PARTITION BY
                report_id, cause,
                CASE WHEN cause = 'year.factor' OR cell LIKE 'proactive/%' OR cell LIKE 'narrative/%'
                    THEN cell ELSE split_part(cell, '/', 1) END
            ORDER BY abs(score) DESC, abs(gaps) DESC, cell
        ) AS place
    FROM caused
    WHERE cause IS NOT NULL
)

SELECT report_id, cell, value, prior, provenance, ratio, factor, expected, score, gaps, cause
FROM ranked
WHERE place = 1
