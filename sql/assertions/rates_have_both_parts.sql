-- One row per rate without a numerator or a denominator, or with a negative denominator.
-- Severity: error.
SELECT rate, string_agg(DISTINCT part, ' ') AS parts
FROM rate_terms
GROUP BY rate
HAVING count(DISTINCT part) < 2 OR min(CASE WHEN part = 'denominator' THEN sign END) < 0
