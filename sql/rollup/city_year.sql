-- One row a city, year, indicator and kind of applicant: the sum over its members beside what the city itself reports.
-- Members are counties, zones and departments of the city; the city's own report is never added to them.
WITH members AS (
    SELECT city_id AS body_id, year, count(*) AS expected, count(CASE WHEN status = 'loaded' THEN 1 END) AS reported
    FROM coverage
    GROUP BY city_id, year
),

compiled AS (
    SELECT
        b.parent AS body_id, o.year, o.indicator, o.applicant,
        sum(o.value) AS value,
        count(*) AS counted,
        string_agg(o.body_id, ' ' ORDER BY o.body_id) AS members,
        CASE WHEN count(DISTINCT o.provenance) = 1 THEN max(o.provenance) ELSE 'mixed' END AS provenance
    FROM observations AS o
    INNER JOIN bodies AS b ON b.body_id = o.body_id
    INNER JOIN indicators AS i ON i.indicator = o.indicator
    WHERE b.parent IS NOT NULL AND i.additive = 'yes' AND o.value IS NOT NULL
    GROUP BY b.parent, o.year, o.indicator, o.applicant
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
)

SELECT
    p.body_id, b.name AS body, p.year, p.indicator, p.applicant, i.unit,
    CAST(c.value AS DECIMAL(18, 6)) AS compiled,
    c.provenance AS compiled_provenance,
    coalesce(m.expected, 0) AS members_expected,
    coalesce(m.reported, 0) AS members_reported,
    coalesce(c.counted, 0) AS members_counted,
    c.members,
    r.value AS reported,
    r.obs_status AS reported_status,
    r.provenance AS reported_provenance,
    CAST(c.value - r.value AS DECIMAL(18, 6)) AS difference
FROM places AS p
INNER JOIN bodies AS b ON b.body_id = p.body_id
INNER JOIN indicators AS i ON i.indicator = p.indicator
LEFT JOIN members AS m ON m.body_id = p.body_id AND m.year = p.year
LEFT JOIN compiled AS c
    ON c.body_id = p.body_id AND c.year = p.year AND c.indicator = p.indicator AND c.applicant = p.applicant
LEFT JOIN reported AS r
    ON r.body_id = p.body_id AND r.year = p.year AND r.indicator = p.indicator AND r.applicant = p.applicant
