-- One row a body, basis, year, indicator and kind of applicant: the figure beside that of the year before.
-- A body's year before is that of the bodies which went into it whole; a new body's is 0; across a split there is none.
-- Compiled figures of two years are compared only where the same lines of descent stand behind both.
WITH own AS (
    SELECT o.body_id, o.year, o.indicator, o.applicant, o.unit, o.value, o.provenance
    FROM observations AS o
    INNER JOIN indicators AS i ON i.indicator = o.indicator
    WHERE i.additive = 'yes' AND o.value IS NOT NULL
),

-- Into whom others went whole, and when: their year before is that of several, or of others.
followed AS (
    SELECT DISTINCT successor AS body_id, year FROM successions WHERE kind IN ('renamed', 'replaced', 'merged')
),

sources AS (
    SELECT f.body_id, f.year, f.body_id AS source
    FROM followed AS f
    INNER JOIN bodies AS b ON b.body_id = f.body_id AND coalesce(b.first_year, 0) < f.year
    UNION ALL
    SELECT successor, year, body_id FROM successions WHERE kind IN ('renamed', 'replaced', 'merged')
),

broken AS (
    SELECT successor AS body_id, year FROM successions WHERE kind IN ('split', 'land_moved')
    UNION
    SELECT body_id, year FROM successions WHERE kind IN ('split', 'land_moved')
),

before AS (
    SELECT
        a.body_id, a.year, a.indicator, a.applicant,
        count(*) AS wanted,
        count(b.value) AS had,
        sum(b.value) AS value,
        max(CASE WHEN s.source = a.body_id THEN 0 ELSE 1 END) AS others,
        min(b.provenance) AS least,
        max(b.provenance) AS most
    FROM own AS a
    INNER JOIN sources AS s ON s.body_id = a.body_id AND s.year = a.year
    LEFT JOIN own AS b
        ON b.body_id = s.source AND b.year = a.year - 1 AND b.indicator = a.indicator AND b.applicant = a.applicant
    GROUP BY a.body_id, a.year, a.indicator, a.applicant
),

-- Of each body and year: whether it stood the year before, whether others went into it, and whether it was split.
standing AS (
    SELECT
        b.body_id, y.year,
        coalesce(b.first_year, 0) < y.year AS stood,
        f.body_id IS NOT NULL AS is_followed,
        x.body_id IS NOT NULL AS is_broken
    FROM bodies AS b
    CROSS JOIN (SELECT DISTINCT year FROM own) AS y
    LEFT JOIN followed AS f ON f.body_id = b.body_id AND f.year = y.year
    LEFT JOIN broken AS x ON x.body_id = b.body_id AND x.year = y.year
),

series AS (
    -- The year before is the body's own, if it stood then ...
    SELECT
        a.body_id, 'reported' AS basis, a.year, a.indicator, a.applicant, a.unit, a.value,
        CASE WHEN s.is_broken THEN NULL WHEN s.stood THEN b.value ELSE 0 END AS prior,
        CASE
            WHEN s.is_broken THEN 'split'
            WHEN NOT s.stood THEN 'new'
            WHEN b.value IS NULL THEN 'missing'
            ELSE 'same'
        END AS prior_basis,
        CASE WHEN s.stood AND b.provenance <> a.provenance THEN 'mixed' ELSE a.provenance END AS provenance
    FROM own AS a
    INNER JOIN standing AS s ON s.body_id = a.body_id AND s.year = a.year AND NOT s.is_followed
    LEFT JOIN own AS b
        ON b.body_id = a.body_id AND b.year = a.year - 1 AND b.indicator = a.indicator AND b.applicant = a.applicant
    UNION ALL
    -- ... and of whom others went into, theirs.
    SELECT
        a.body_id, 'reported', a.year, a.indicator, a.applicant, a.unit, a.value,
        CASE WHEN x.body_id IS NULL AND p.had = p.wanted THEN p.value END,
        CASE
            WHEN x.body_id IS NOT NULL THEN 'split'
            WHEN p.had < p.wanted THEN 'missing'
            WHEN p.others = 1 THEN 'predecessors'
            ELSE 'same'
        END,
        CASE
            WHEN p.least IS NULL OR (p.least = a.provenance AND p.most = a.provenance) THEN a.provenance ELSE 'mixed'
        END
    FROM own AS a
    INNER JOIN before AS p
        ON p.body_id = a.body_id AND p.year = a.year AND p.indicator = a.indicator AND p.applicant = a.applicant
    LEFT JOIN broken AS x ON x.body_id = a.body_id AND x.year = a.year
    UNION ALL
    SELECT
        a.body_id, 'compiled', a.year, a.indicator, a.applicant, a.unit, a.compiled, b.compiled,
        CASE
            WHEN b.compiled IS NULL THEN 'missing'
            WHEN a.missing_lineages_before IS NOT DISTINCT FROM b.missing_lineages_after AND a.partial_lineages = 0 AND b.partial_lineages = 0
                THEN 'same'
            ELSE 'members_differ'
        END,
        CASE WHEN b.compiled_provenance <> a.compiled_provenance THEN 'mixed' ELSE a.compiled_provenance END
    FROM city_year AS a
    LEFT JOIN city_year AS b
        ON b.body_id = a.body_id
        AND b.year = a.year - 1
        AND b.indicator = a.indicator
        AND b.applicant = a.applicant
        AND b.compiled IS NOT NULL
    WHERE a.compiled IS NOT NULL
)

SELECT
    body_id, basis, year, indicator, applicant, unit, value,
    CAST(prior AS DECIMAL(18, 6)) AS prior,
    prior_basis,
    CAST(value - prior AS DECIMAL(18, 6)) AS change,
    CASE
        WHEN prior > 0 AND prior_basis IN ('same', 'predecessors')
            THEN CAST(round(100e0 * (value - prior) / prior, 4) AS DECIMAL(18, 4))
    END AS growth_percent,
    prior_basis IN ('same', 'predecessors', 'new') AS comparable,
    provenance
FROM series
