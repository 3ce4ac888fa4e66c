-- One row per indicator of which the growth is known: the growth in percent of the totals of $body.
SELECT indicator, growth_percent, provenance
FROM growth
WHERE body_id = $body AND year = $year AND basis = $basis AND applicant = 'total' AND growth_percent IS NOT NULL
