-- One row per body with members and year: how many should report, how many count, and how many of these by their own members.
WITH counted AS (
    SELECT
        body_id, year,
        count(DISTINCT member) AS counted,
        count(DISTINCT CASE WHEN member <> contributor THEN member END) AS substituted
    FROM contributors
    GROUP BY body_id, year
)

SELECT
    d.parent AS head, d.year, count(*) AS expected, coalesce(any_value(c.counted), 0) AS counted,
    coalesce(any_value(c.substituted), 0) AS substituted
FROM due AS d
LEFT JOIN counted AS c ON c.body_id = d.parent AND c.year = d.year
WHERE d.parent IS NOT NULL
GROUP BY d.parent, d.year
