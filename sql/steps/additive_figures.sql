-- One row per body, year, additive indicator and kind of applicant: the figure, if it is known.
-- `implied` is the figure with the values of certified proposals; `doubts` is 1 if the figure is in doubt.
-- Looks back one year.
-- Each reader computes it again: to read the figures from the files takes less time and memory than to keep them.
SELECT
    o.body_id, o.year, o.indicator, o.applicant, o.unit, o.series, o.value,
    CASE WHEN o.in_doubt = 'certified' THEN o.implied ELSE o.value END AS implied,
    CASE WHEN o.in_doubt IS NULL THEN 0 ELSE 1 END AS doubts,
    o.provenance
FROM observations AS o
INNER JOIN indicators AS i ON i.indicator = o.indicator
WHERE i.additive = 'yes' AND o.value IS NOT NULL
