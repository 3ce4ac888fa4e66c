-- One row per rate that is not 100 times its numerator by its denominator, or null where it cannot be computed.
-- Severity: error.
SELECT body_id, basis, year, rate, numerator, denominator, percent
FROM rates
WHERE
    (percent IS NOT NULL) <> (coalesce(numerator, -1) >= 0 AND coalesce(denominator, 0) > 0)
    OR abs(percent - 100e0 * numerator / nullif(denominator, 0)) > 0.0001
