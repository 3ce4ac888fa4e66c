-- One row a city, year, indicator and kind of applicant: the sum over its members beside what the city itself reports.
-- Members are the counties, zones and departments that stand in that year; the city's own report is never added to them.
WITH members AS (
    SELECT city_id AS body_id, year, count(*) AS expected, count(CASE WHEN status = 'loaded' THEN 1 END) AS reported
    FROM coverage
    GROUP BY city_id, year
),

lines AS (
    SELECT city_id AS body_id, year, lineage, count(*) AS expected, bool_or(since) AS since, bool_or(until) AS until
    FROM coverage
    GROUP BY city_id, year, lineage
),

-- By line of descent: of a body that was replaced, merged or split the parts stand for one another.
parts AS (
    SELECT
        c.city_id AS body_id, o.year, o.indicator, o.applicant, c.lineage,
        sum(o.value) AS value,
        count(*) AS counted,
        min(o.provenance) AS least,
        max(o.provenance) AS most
    FROM observations AS o
    INNER JOIN coverage AS c ON c.body_id = o.body_id AND c.year = o.year AND c.status = 'loaded'
    INNER JOIN indicators AS i ON i.indicator = o.indicator
    WHERE i.additive = 'yes' AND o.value IS NOT NULL
    GROUP BY c.city_id, o.year, o.indicator, o.applicant, c.lineage
),

compiled AS (
    SELECT
        p.body_id, p.year, p.indicator, p.applicant,
        sum(p.value) AS value,
        sum(p.counted) AS counted,
        CASE WHEN min(p.least) = max(p.most) THEN max(p.most) ELSE 'mixed' END AS provenance,
        -- Which lines are summed of those that stood the year before, and of those that stand the year after.
        md5(coalesce(string_agg(CASE WHEN l.since THEN p.lineage END, ' ' ORDER BY p.lineage), '')) AS since,
        md5(coalesce(string_agg(CASE WHEN l.until THEN p.lineage END, ' ' ORDER BY p.lineage), '')) AS until,
        count(CASE WHEN p.counted < l.expected THEN 1 END) AS partial
    FROM parts AS p
    INNER JOIN lines AS l ON l.body_id = p.body_id AND l.year = p.year AND l.lineage = p.lineage
    GROUP BY p.body_id, p.year, p.indicator, p.applicant
),

reported AS (
    SELECT o.body_id, o.year, o.indicator, o.applicant, o.value, o.obs_status, o.provenance
    FROM observations AS o
    INNER JOIN bodies AS b ON b.body_id = o.body_id
    WHERE b.parent IS NULL
),

places AS (
    SELECT body_id, year, indicator, applicant FROM compiled
    UNION
    SELECT body_id, year, indicator, applicant FROM reported
),

-- Who is expected in a sum and not in it; asked only of sums that lack somebody.
lacking AS (
    SELECT
        c.body_id, c.year, c.indicator, c.applicant,
        string_agg(CASE WHEN o.value IS NULL THEN e.body_id END, ' ' ORDER BY e.body_id) AS missing
    FROM compiled AS c
    INNER JOIN members AS m ON m.body_id = c.body_id AND m.year = c.year AND m.expected > c.counted
    INNER JOIN coverage AS e ON e.city_id = c.body_id AND e.year = c.year
    LEFT JOIN observations AS o
        ON o.body_id = e.body_id AND o.year = e.year AND o.indicator = c.indicator AND o.applicant = c.applicant
    GROUP BY c.body_id, c.year, c.indicator, c.applicant
)

SELECT
    p.body_id, b.name AS body, p.year, p.indicator, p.applicant, i.unit,
    CAST(c.value AS DECIMAL(18, 6)) AS compiled,
    c.provenance AS compiled_provenance,
    coalesce(m.expected, 0) AS members_expected,
    coalesce(m.reported, 0) AS members_reported,
    CAST(coalesce(c.counted, 0) AS BIGINT) AS members_counted,
    k.missing AS members_missing,
    c.since AS members_since,
    c.until AS members_until,
    coalesce(c.partial, 0) AS members_partial,
    r.value AS reported,
    r.obs_status AS reported_status,
    r.provenance AS reported_provenance,
    CAST(c.value - r.value AS DECIMAL(18, 6)) AS difference,
    CASE
        WHEN c.value IS NULL THEN 'not_compiled'
        WHEN r.value IS NULL THEN 'not_reported'
        WHEN c.value = r.value THEN 'equal'
        WHEN c.counted < m.expected THEN 'members_missing'
        ELSE 'differs'
    END AS status
FROM places AS p
INNER JOIN bodies AS b ON b.body_id = p.body_id
INNER JOIN indicators AS i ON i.indicator = p.indicator
LEFT JOIN members AS m ON m.body_id = p.body_id AND m.year = p.year
LEFT JOIN compiled AS c
    ON c.body_id = p.body_id AND c.year = p.year AND c.indicator = p.indicator AND c.applicant = p.applicant
LEFT JOIN lacking AS k
    ON k.body_id = p.body_id AND k.year = p.year AND k.indicator = p.indicator AND k.applicant = p.applicant
LEFT JOIN reported AS r
    ON r.body_id = p.body_id AND r.year = p.year AND r.indicator = p.indicator AND r.applicant = p.applicant
