-- One row a city, year, indicator and kind of applicant: the sum over its members beside what the city itself reports.
-- Members are the counties, zones and departments that stand in that year; the city's own report is never added to them.
-- `total_id` names the row; what goes into its sum are the observations that have it too.
WITH members AS (
    SELECT
        city_id AS body_id, year,
        count(*) AS expected,
        count(CASE WHEN status = 'loaded' THEN 1 END) AS reported,
        string_agg(body_id, ' ' ORDER BY body_id) FILTER (WHERE status <> 'loaded') AS absent
    FROM coverage
    GROUP BY city_id, year
),

-- By line of descent: of a body that was replaced, merged or split the parts stand for one another.
lines AS (
    SELECT
        city_id AS body_id, year, lineage,
        count(*) AS expected,
        count(CASE WHEN status = 'loaded' THEN 1 END) AS reported,
        bool_or(existed_before) AS since,
        bool_or(exists_after) AS until
    FROM coverage
    GROUP BY city_id, year, lineage
),

kinds AS (
    SELECT city_id AS body_id, year, provenance, count(*) AS reported
    FROM coverage
    WHERE status = 'loaded'
    GROUP BY city_id, year, provenance
),

-- What holds of every sum in which all are who reported: almost all sums, and asked once a city and year.
whole AS (
    SELECT
        body_id, year,
        string_agg(lineage, ' ' ORDER BY lineage) FILTER (WHERE reported = 0 AND since) AS since,
        string_agg(lineage, ' ' ORDER BY lineage) FILTER (WHERE reported = 0 AND until) AS until,
        count(CASE WHEN reported > 0 AND reported < expected THEN 1 END) AS partial
    FROM lines
    GROUP BY body_id, year
),

made AS (
    SELECT body_id, year, CASE WHEN count(*) = 1 THEN min(provenance) ELSE 'mixed' END AS provenance
    FROM kinds
    GROUP BY body_id, year
),

cities AS (
    SELECT m.body_id, m.year, m.expected, m.reported, m.absent, w.since, w.until, w.partial, a.provenance
    FROM members AS m
    INNER JOIN whole AS w ON w.body_id = m.body_id AND w.year = m.year
    LEFT JOIN made AS a ON a.body_id = m.body_id AND a.year = m.year
),

-- The one pass over all figures.
summed AS (
    SELECT
        total_id,
        sum(value) AS value,
        count(value) AS counted,
        count(*) AS said,
        list(body_id) FILTER (WHERE value IS NULL) AS blank
    FROM observations
    WHERE total_id IS NOT NULL
    GROUP BY total_id
),

sums AS (
    SELECT s.total_id, m.body_id, m.year, s.value, s.counted, s.said, s.blank, m.reported
    FROM summed AS s
    INNER JOIN cities AS m
        ON CAST(m.year AS VARCHAR) = split_part(s.total_id, '/', 1) AND m.body_id = split_part(s.total_id, '/', 2)
    INNER JOIN indicators AS i ON i.indicator = split_part(s.total_id, '/', 3) AND i.additive = 'yes'
    WHERE s.counted > 0
),

-- Who reported and gave no figure: it is blank, or the form has none.
silent AS (
    SELECT total_id, body_id, year, unnest(blank) AS member
    FROM sums
    UNION ALL
    SELECT s.total_id, s.body_id, s.year, c.body_id
    FROM sums AS s
    INNER JOIN coverage AS c ON c.city_id = s.body_id AND c.year = s.year AND c.status = 'loaded'
    LEFT JOIN observations AS o ON o.body_id = c.body_id AND o.total_id = s.total_id
    WHERE s.said < s.reported AND o.body_id IS NULL
),

silent_members AS (
    SELECT s.total_id, s.body_id, s.year, s.member, c.lineage, c.provenance
    FROM silent AS s
    INNER JOIN coverage AS c ON c.city_id = s.body_id AND c.year = s.year AND c.body_id = s.member
),

-- Only the sums that lack somebody who reported are looked at line by line, kind by kind and member by member.
lacking AS (
    SELECT total_id, body_id, year FROM sums WHERE counted < reported
),

touched AS (
    SELECT
        s.total_id, l.lineage, l.since, l.until,
        l.reported < l.expected AS was_partial,
        count(*) < l.reported AS counted
    FROM silent_members AS s
    INNER JOIN lines AS l ON l.body_id = s.body_id AND l.year = s.year AND l.lineage = s.lineage
    GROUP BY s.total_id, l.lineage, l.since, l.until, l.reported, l.expected
),

gone AS (
    SELECT k.total_id, l.lineage, l.since, l.until, 0 AS partial
    FROM lacking AS k
    INNER JOIN lines AS l ON l.body_id = k.body_id AND l.year = k.year AND l.reported = 0
    UNION ALL
    SELECT
        total_id, lineage, since AND NOT counted, until AND NOT counted,
        CASE WHEN counted AND NOT was_partial THEN 1 WHEN was_partial AND NOT counted THEN -1 ELSE 0 END
    FROM touched
),

lacking_lines AS (
    SELECT
        total_id,
        string_agg(lineage, ' ' ORDER BY lineage) FILTER (WHERE since) AS since,
        string_agg(lineage, ' ' ORDER BY lineage) FILTER (WHERE until) AS until,
        sum(partial) AS partial
    FROM gone
    GROUP BY total_id
),

spent AS (
    SELECT total_id, provenance, count(*) AS silent
    FROM silent_members
    GROUP BY total_id, provenance
),

lacking_kinds AS (
    SELECT k.total_id, CASE WHEN count(*) = 1 THEN min(p.provenance) ELSE 'mixed' END AS provenance
    FROM lacking AS k
    INNER JOIN kinds AS p ON p.body_id = k.body_id AND p.year = k.year
    LEFT JOIN spent AS s ON s.total_id = k.total_id AND s.provenance = p.provenance
    WHERE coalesce(s.silent, 0) < p.reported
    GROUP BY k.total_id
),

missed AS (
    SELECT total_id, string_agg(member, ' ' ORDER BY member) AS missing
    FROM (
        SELECT total_id, member FROM silent_members
        UNION ALL
        SELECT k.total_id, c.body_id
        FROM lacking AS k
        INNER JOIN coverage AS c ON c.city_id = k.body_id AND c.year = k.year AND c.status <> 'loaded'
    ) AS absent
    GROUP BY total_id
),

lacks AS (
    SELECT n.total_id, n.missing, k.since, k.until, k.partial, p.provenance
    FROM missed AS n
    INNER JOIN lacking_kinds AS p ON p.total_id = n.total_id
    INNER JOIN lacking_lines AS k ON k.total_id = n.total_id
),

compiled AS (
    SELECT
        s.total_id, s.value, s.counted, k.missing, k.since, k.until, k.partial, k.provenance,
        k.total_id IS NULL AS is_whole
    FROM sums AS s
    LEFT JOIN lacks AS k ON k.total_id = s.total_id
),

reported AS (
    SELECT
        concat(CAST(o.year AS VARCHAR), '/', o.body_id, '/', o.indicator, '/', o.applicant) AS total_id,
        o.value, o.obs_status, o.provenance
    FROM observations AS o
    INNER JOIN bodies AS b ON b.body_id = o.body_id
    WHERE o.total_id IS NULL AND b.parent IS NULL
),

places AS (
    SELECT
        coalesce(c.total_id, r.total_id) AS total_id,
        c.value AS compiled, c.counted, c.missing, c.since, c.until, c.partial, c.provenance, c.is_whole,
        r.value AS reported, r.obs_status AS reported_status, r.provenance AS reported_provenance
    FROM compiled AS c
    FULL JOIN reported AS r ON r.total_id = c.total_id
),

named AS (
    SELECT
        *,
        CAST(split_part(total_id, '/', 1) AS INTEGER) AS year,
        split_part(total_id, '/', 2) AS body_id,
        split_part(total_id, '/', 3) AS indicator,
        split_part(total_id, '/', 4) AS applicant
    FROM places
)

SELECT
    p.total_id, p.body_id, b.name AS body, p.year, p.indicator, p.applicant, i.unit,
    CAST(p.compiled AS DECIMAL(18, 6)) AS compiled,
    CASE WHEN p.is_whole THEN m.provenance ELSE p.provenance END AS compiled_provenance,
    coalesce(m.expected, 0) AS members_expected,
    coalesce(m.reported, 0) AS members_reported,
    CAST(coalesce(p.counted, 0) AS BIGINT) AS members_counted,
    CASE WHEN p.is_whole THEN m.absent ELSE p.missing END AS members_missing,
    CASE WHEN p.is_whole THEN m.since ELSE p.since END AS missing_lineages_before,
    CASE WHEN p.is_whole THEN m.until ELSE p.until END AS missing_lineages_after,
    CAST(CASE WHEN p.compiled IS NULL THEN 0 ELSE m.partial + coalesce(p.partial, 0) END AS BIGINT) AS partial_lineages,
    p.reported, p.reported_status, p.reported_provenance,
    CAST(p.compiled - p.reported AS DECIMAL(18, 6)) AS difference,
    CASE
        WHEN p.compiled IS NULL THEN 'not_compiled'
        WHEN p.reported IS NULL THEN 'not_reported'
        WHEN p.compiled = p.reported THEN 'equal'
        WHEN p.counted < m.expected THEN 'members_missing'
        ELSE 'differs'
    END AS status
FROM named AS p
INNER JOIN bodies AS b ON b.body_id = p.body_id
INNER JOIN indicators AS i ON i.indicator = p.indicator
LEFT JOIN cities AS m ON m.body_id = p.body_id AND m.year = p.year
