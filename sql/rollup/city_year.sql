-- One row a city, year, indicator and kind of applicant: the sum over its members beside what the city itself reports.
-- Members are the counties, zones and departments that stand in that year; the city's own report is never added to them.
WITH members AS (
    SELECT
        city_id AS body_id, year,
        count(*) AS expected,
        count(CASE WHEN status = 'loaded' THEN 1 END) AS reported,
        string_agg(CASE WHEN status <> 'loaded' THEN body_id END, ' ' ORDER BY body_id) AS absent
    FROM coverage
    GROUP BY city_id, year
),

-- By line of descent: of a body that was replaced, merged or split the parts stand for one another.
lines AS (
    SELECT
        city_id AS body_id, year, lineage,
        count(*) AS expected,
        count(CASE WHEN status = 'loaded' THEN 1 END) AS reported,
        bool_or(since) AS since,
        bool_or(until) AS until,
        min(CASE WHEN status = 'loaded' THEN provenance END) AS least,
        max(CASE WHEN status = 'loaded' THEN provenance END) AS most
    FROM coverage
    GROUP BY city_id, year, lineage
),

-- What holds of every sum in which all are who reported: almost all sums, and asked once a city and year.
whole AS (
    SELECT
        body_id, year,
        min(least) AS least,
        max(most) AS most,
        -- Which lines are summed of those that stood the year before, and of those that stand the year after.
        md5(coalesce(string_agg(CASE WHEN since THEN lineage END, ' ' ORDER BY lineage), '')) AS since,
        md5(coalesce(string_agg(CASE WHEN until THEN lineage END, ' ' ORDER BY lineage), '')) AS until,
        count(CASE WHEN reported < expected THEN 1 END) AS partial
    FROM lines
    WHERE reported > 0
    GROUP BY body_id, year
),

summed AS (
    SELECT
        c.city_id AS body_id, o.year, o.indicator, o.applicant,
        sum(o.value) AS value,
        count(o.value) AS counted,
        count(*) AS said
    FROM observations AS o
    INNER JOIN coverage AS c ON c.body_id = o.body_id AND c.year = o.year AND c.status = 'loaded'
    GROUP BY c.city_id, o.year, o.indicator, o.applicant
),

sums AS (
    SELECT s.body_id, s.year, s.indicator, s.applicant, s.value, s.counted, s.said, m.reported, m.absent
    FROM summed AS s
    INNER JOIN indicators AS i ON i.indicator = s.indicator AND i.additive = 'yes'
    INNER JOIN members AS m ON m.body_id = s.body_id AND m.year = s.year
    WHERE s.counted > 0
),

-- Who reported and gave no figure: it is blank, or the form has none.
silent AS (
    SELECT c.city_id AS body_id, o.year, o.indicator, o.applicant, o.body_id AS member
    FROM observations AS o
    INNER JOIN coverage AS c ON c.body_id = o.body_id AND c.year = o.year AND c.status = 'loaded'
    WHERE o.value IS NULL
    UNION ALL
    SELECT s.body_id, s.year, s.indicator, s.applicant, c.body_id
    FROM sums AS s
    INNER JOIN coverage AS c ON c.city_id = s.body_id AND c.year = s.year AND c.status = 'loaded'
    LEFT JOIN observations AS o
        ON o.body_id = c.body_id AND o.year = c.year AND o.indicator = s.indicator AND o.applicant = s.applicant
    WHERE s.said < s.reported AND o.body_id IS NULL
),

-- Member by member the sums that lack somebody who reported.
around AS (
    SELECT
        s.body_id, s.year, s.indicator, s.applicant, c.body_id AS member, c.lineage, c.provenance,
        c.status = 'loaded' AND n.member IS NULL AS counted
    FROM sums AS s
    INNER JOIN coverage AS c ON c.city_id = s.body_id AND c.year = s.year
    LEFT JOIN silent AS n
        ON n.member = c.body_id
        AND n.body_id = s.body_id
        AND n.year = s.year
        AND n.indicator = s.indicator
        AND n.applicant = s.applicant
    WHERE s.counted < s.reported
),

parts AS (
    SELECT
        body_id, year, indicator, applicant, lineage,
        count(*) AS counted,
        min(provenance) AS least,
        max(provenance) AS most
    FROM around
    WHERE counted
    GROUP BY body_id, year, indicator, applicant, lineage
),

lacking AS (
    SELECT
        p.body_id, p.year, p.indicator, p.applicant,
        min(p.least) AS least,
        max(p.most) AS most,
        md5(coalesce(string_agg(CASE WHEN l.since THEN p.lineage END, ' ' ORDER BY p.lineage), '')) AS since,
        md5(coalesce(string_agg(CASE WHEN l.until THEN p.lineage END, ' ' ORDER BY p.lineage), '')) AS until,
        count(CASE WHEN p.counted < l.expected THEN 1 END) AS partial
    FROM parts AS p
    INNER JOIN lines AS l ON l.body_id = p.body_id AND l.year = p.year AND l.lineage = p.lineage
    GROUP BY p.body_id, p.year, p.indicator, p.applicant
),

missed AS (
    SELECT body_id, year, indicator, applicant, string_agg(member, ' ' ORDER BY member) AS missing
    FROM around
    WHERE NOT counted
    GROUP BY body_id, year, indicator, applicant
),

compiled AS (
    SELECT
        s.body_id, s.year, s.indicator, s.applicant, s.value, s.counted,
        CASE
            WHEN coalesce(k.least, w.least) = coalesce(k.most, w.most) THEN coalesce(k.most, w.most) ELSE 'mixed'
        END AS provenance,
        coalesce(k.since, w.since) AS since,
        coalesce(k.until, w.until) AS until,
        coalesce(k.partial, w.partial) AS partial,
        coalesce(n.missing, s.absent) AS missing
    FROM sums AS s
    INNER JOIN whole AS w ON w.body_id = s.body_id AND w.year = s.year
    LEFT JOIN lacking AS k
        ON k.body_id = s.body_id AND k.year = s.year AND k.indicator = s.indicator AND k.applicant = s.applicant
    LEFT JOIN missed AS n
        ON n.body_id = s.body_id AND n.year = s.year AND n.indicator = s.indicator AND n.applicant = s.applicant
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
    CAST(coalesce(c.counted, 0) AS BIGINT) AS members_counted,
    c.missing AS members_missing,
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
LEFT JOIN reported AS r
    ON r.body_id = p.body_id AND r.year = p.year AND r.indicator = p.indicator AND r.applicant = p.applicant
