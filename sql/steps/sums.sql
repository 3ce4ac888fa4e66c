-- One row per total of additive figures: the sum, and the number of reports with a figure.
-- `series` is null if the figures belong to several. `blank` lists the bodies whose figure is unknown, but not bodies
-- whose form does not have the cell. `implied` is the sum with the values of the certified proposals.
WITH totals AS (
    SELECT
        total_id,
        CASE WHEN min(series) FILTER (WHERE value IS NOT NULL) = max(series) FILTER (WHERE value IS NOT NULL)
            THEN max(series) FILTER (WHERE value IS NOT NULL) END AS series,
        sum(value) AS value,
        count(value) AS counted,
        count(*) AS figures,
        coalesce(list(body_id) FILTER (WHERE value IS NULL), []) AS blank,
        count(in_doubt) AS in_doubt,
        CASE WHEN count(*) FILTER (WHERE in_doubt = 'certified') > 0
            THEN sum(CASE WHEN in_doubt = 'certified' THEN implied ELSE value END) END AS implied
    FROM summed_figures
    GROUP BY total_id
)

SELECT
    t.total_id, m.body_id, m.year, t.series, t.value, t.counted, t.figures, t.blank, t.in_doubt, t.implied, m.loaded
FROM totals AS t
INNER JOIN member_counts AS m
    ON CAST(m.year AS VARCHAR) = split_part(t.total_id, '/', 1) AND m.body_id = split_part(t.total_id, '/', 2)
WHERE t.counted > 0
