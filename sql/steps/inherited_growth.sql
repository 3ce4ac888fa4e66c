-- One row per figure of a body that absorbed others: the figure next to the sum of its predecessors' figures.
-- Looks back one year.
-- Only the figures that predecessors have or that have predecessors: they are few, so the joins below stay small.
WITH own AS (
    SELECT f.body_id, f.year, f.indicator, f.applicant, f.unit, f.series, f.value, f.implied, f.doubts, f.provenance
    FROM additive_figures AS f
    SEMI JOIN predecessors AS s ON s.body_id = f.body_id AND s.year = f.year
),

earlier AS (
    SELECT f.body_id, f.year, f.indicator, f.applicant, f.series, f.value, f.implied, f.doubts, f.provenance
    FROM additive_figures AS f
    SEMI JOIN predecessors AS s ON s.predecessor = f.body_id AND s.year = f.year + 1
),

prior AS (
    SELECT
        f.body_id, f.year, f.indicator, f.applicant,
        count(*) AS predecessors,
        count(p.value) AS known,
        sum(p.value) AS value,
        sum(p.implied) AS implied,
        sum(p.doubts) AS doubts,
        bool_or(p.series <> f.series) AS is_broken,
        max(CASE WHEN s.predecessor = f.body_id THEN 0 ELSE 1 END) AS has_others,
        min(p.provenance) AS least_provenance,
        max(p.provenance) AS greatest_provenance
    FROM own AS f
    INNER JOIN predecessors AS s ON s.body_id = f.body_id AND s.year = f.year
    LEFT JOIN earlier AS p
        ON p.body_id = s.predecessor
        AND p.year = f.year - 1
        AND p.indicator = f.indicator
        AND p.applicant = f.applicant
    GROUP BY f.body_id, f.year, f.indicator, f.applicant
)

SELECT
    f.body_id, f.year, f.indicator, f.applicant, f.unit, f.series, f.value, f.implied,
    CASE WHEN NOT y.is_split AND p.known = p.predecessors THEN p.value END AS prior,
    CASE WHEN NOT y.is_split AND p.known = p.predecessors THEN p.implied END AS implied_prior,
    f.doubts + CASE WHEN y.is_split THEN 0 ELSE coalesce(p.doubts, 0) END AS doubts,
    CASE
        WHEN y.is_split THEN 'split'
        WHEN p.known < p.predecessors THEN 'missing'
        WHEN p.is_broken THEN 'series_broken'
        WHEN p.has_others = 1 THEN 'predecessors'
        ELSE 'same'
    END AS prior_basis,
    CASE WHEN p.least_provenance = p.greatest_provenance THEN p.least_provenance ELSE 'mixed' END AS prior_provenance,
    CASE
        WHEN p.known = 0 OR (p.least_provenance = f.provenance AND p.greatest_provenance = f.provenance) THEN f.provenance
        ELSE 'mixed'
    END AS provenance
FROM own AS f
INNER JOIN body_years AS y ON y.body_id = f.body_id AND y.year = f.year
INNER JOIN prior AS p
    ON p.body_id = f.body_id AND p.year = f.year AND p.indicator = f.indicator AND p.applicant = f.applicant
