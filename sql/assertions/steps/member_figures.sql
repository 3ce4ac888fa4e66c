-- One row per body with members and known additive figure of a report that counts for it.
SELECT
    k.body_id AS parent, k.year, k.member, k.contributor, o.indicator, o.applicant, o.series, o.value, o.in_doubt, o.implied,
    o.provenance
FROM observations AS o
INNER JOIN counted_reports AS k ON k.contributor = o.body_id AND k.year = o.year
SEMI JOIN indicators AS i ON i.indicator = o.indicator AND i.additive = 'yes'
WHERE o.value IS NOT NULL
