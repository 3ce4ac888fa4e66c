-- One row per term of a rate: the indicator, its part (numerator or denominator) and its sign.
SELECT rate, part, indicator, sign
FROM rate_terms
ORDER BY position
