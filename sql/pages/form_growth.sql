-- One row per indicator with a known growth: the growth of the total of $body, in percent.
SELECT indicator, growth_percent, provenance
FROM growth
WHERE body_id = $body AND year = $year AND basis = $basis AND applicant = 'total' AND growth_percent IS NOT NULL
