-- One row per figure of a body that absorbed no other: the figure next to its own of the year before.
-- Looks back one year.
-- Each reader computes it again: `growth` streams all rows, and the other reader needs a few of them. To keep the rows
-- of 9 million figures took twice the time and 4 GB.
SELECT
    f.body_id, f.year, f.indicator, f.applicant, f.unit, f.series, f.value, f.implied,
    CASE WHEN y.is_split THEN NULL WHEN y.existed_before THEN p.value ELSE 0 END AS prior,
    CASE WHEN y.is_split THEN NULL WHEN y.existed_before THEN p.implied ELSE 0 END AS implied_prior,
    f.doubts + CASE WHEN y.existed_before AND NOT y.is_split THEN coalesce(p.doubts, 0) ELSE 0 END AS doubts,
    CASE
        WHEN y.is_split THEN 'split'
        WHEN NOT y.existed_before THEN 'new'
        WHEN p.value IS NULL THEN 'missing'
        WHEN p.series <> f.series THEN 'series_broken'
        ELSE 'same'
    END AS prior_basis,
    p.provenance AS prior_provenance,
    CASE WHEN y.existed_before AND p.provenance <> f.provenance THEN 'mixed' ELSE f.provenance END AS provenance
FROM additive_figures AS f
INNER JOIN body_years AS y ON y.body_id = f.body_id AND y.year = f.year AND NOT y.has_predecessors
LEFT JOIN additive_figures AS p
    -- With the sum on this side, DuckDB leaves out the other years before it joins.
    ON p.body_id = f.body_id AND p.year + 1 = f.year AND p.indicator = f.indicator AND p.applicant = f.applicant
