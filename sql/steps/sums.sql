-- One row per total of members' additive figures: the sum, and the number of members with a figure.
-- `series` is null if the members belong to several. `blank` lists the members whose figure is unknown, but not members
-- whose form does not have the cell.
WITH totals AS (
    SELECT
        total_id,
        CASE WHEN min(series) FILTER (WHERE value IS NOT NULL) = max(series) FILTER (WHERE value IS NOT NULL)
            THEN max(series) FILTER (WHERE value IS NOT NULL) END AS series,
        sum(value) AS value,
        count(value) AS counted,
        count(*) AS figures,
        coalesce(list(body_id) FILTER (WHERE value IS NULL), []) AS blank
    FROM observations
    WHERE total_id IS NOT NULL
    GROUP BY total_id
)

SELECT t.total_id, m.city_id, m.year, t.series, t.value, t.counted, t.figures, t.blank, m.loaded
FROM totals AS t
INNER JOIN member_counts AS m
    ON CAST(m.year AS VARCHAR) = split_part(t.total_id, '/', 1) AND m.city_id = split_part(t.total_id, '/', 2)
INNER JOIN indicators AS i ON i.indicator = split_part(t.total_id, '/', 3) AND i.additive = 'yes'
WHERE t.counted > 0
