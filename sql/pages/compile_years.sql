-- One row per year for which $body has figures: $basis is compiled (from members) or reported (by itself).
SELECT DISTINCT year
FROM compiled
WHERE body_id = $body AND CASE WHEN $basis = 'compiled' THEN compiled ELSE reported END IS NOT NULL
ORDER BY year
