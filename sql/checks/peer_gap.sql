-- One row per figure without a previous one that lies far above its peers, relative to the size of the body: a gap of
-- several standard deviations separates it from the next (sigma-gap rule).
-- Looks back one year.
-- The right side is the usual figure of a body of this size. `score` is the gap in standard deviations.
SELECT
    report_id,
    'peer.gap' AS identity,
    cell AS place,
    'fail' AS status,
    CAST(value AS DECIMAL(18, 6)) AS lhs,
    CAST(round(expected) AS DECIMAL(18, 6)) AS rhs,
    'warning' AS severity,
    cell AS cells,
    concat('score=', CAST(CAST(round(gaps) AS BIGINT) AS VARCHAR)) AS note,
    provenance
FROM suspects
WHERE cause = 'peer.gap'
