-- One row per body, year and measure that is ranked: totals of indicators, and reported rates.
SELECT body_id, year, indicator AS measure, 'indicator' AS kind, value, if(in_doubt IS NULL, 0, 1) AS doubts, provenance
FROM observations
WHERE applicant = 'total' AND value IS NOT NULL
UNION ALL
SELECT body_id, year, rate, 'rate', percent, in_doubt, provenance
FROM rates
WHERE basis = 'reported' AND percent IS NOT NULL
