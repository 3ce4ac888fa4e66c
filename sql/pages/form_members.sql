-- One row per member of $body: whether it reported on $year, and whether reports of its own members count instead.
SELECT
    d.body_id, d.body, d.status,
    d.status <> 'loaded' AND d.body_id IN (
        SELECT member FROM contributors WHERE body_id = $body AND year = $year AND member <> contributor
    )
        AS is_substituted
FROM due AS d
WHERE d.parent = $body AND d.year = $year
ORDER BY d.body_id
