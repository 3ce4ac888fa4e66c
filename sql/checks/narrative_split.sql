-- One row per total of the prose that is split by body (市政府349件、沭阳县477件): it equals the sum of the parts.
WITH parts AS (
    SELECT
        report_id, "row", paragraph,
        min(start) AS start,
        sum(value) AS value,
        max(CASE WHEN approximate THEN 1 ELSE 0 END) AS approximate,
        string_agg(raw, '、' ORDER BY start) AS raw
    FROM figures
    WHERE scope = 'body'
    GROUP BY report_id, "row", paragraph
),

-- The total is the last figure of the same row before the parts. A paragraph has fewer than 100,000,000 characters.
totals AS (
    SELECT
        report_id, "row", value, approximate, provenance,
        CAST(paragraph AS BIGINT) * 100000000 + start AS place
    FROM figures
    WHERE scope IN ('whole', 'taken_up', 'uncertain')
),

last_before AS (
    SELECT p.report_id, p."row", p.paragraph, max(t.place) AS place
    FROM parts AS p
    INNER JOIN totals AS t
        ON t.report_id = p.report_id AND t."row" = p."row" AND t.place < CAST(p.paragraph AS BIGINT) * 100000000 + p.start
    GROUP BY p.report_id, p."row", p.paragraph
)

SELECT
    p.report_id,
    'narrative.split' AS identity,
    concat('narrative/', p."row", '/value') AS place,
    CASE
        WHEN t.approximate OR p.approximate = 1 THEN 'unknown'
        WHEN t.value = p.value THEN 'pass'
        ELSE 'fail'
    END AS status,
    t.value AS lhs,
    CAST(p.value AS DECIMAL(18, 6)) AS rhs,
    'warning' AS severity,
    concat('narrative/', p."row", '/value') AS cells,
    p.raw AS note,
    t.provenance
FROM parts AS p
INNER JOIN last_before AS b ON b.report_id = p.report_id AND b."row" = p."row" AND b.paragraph = p.paragraph
INNER JOIN totals AS t ON t.report_id = b.report_id AND t."row" = b."row" AND t.place = b.place
