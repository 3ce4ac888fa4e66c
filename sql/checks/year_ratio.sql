-- One row per figure whose ratio to the year before is out of line with the ratios of the peers (Hidiroglou and Berthelot
-- 1986), and that is itself out of line with the peers, relative to the size of the body.
-- Looks back one year.
-- `score` is the distance from the median effect in quartile distances.
SELECT
    report_id,
    'year.ratio' AS identity,
    cell AS place,
    'fail' AS status,
    CAST(value AS DECIMAL(18, 6)) AS lhs,
    CAST(prior AS DECIMAL(18, 6)) AS rhs,
    'warning' AS severity,
    cell AS cells,
    concat('score=', CAST(CAST(round(abs(score)) AS BIGINT) AS VARCHAR)) AS note,
    provenance
FROM suspects
WHERE cause = 'year.ratio'
