-- One row per figure that other kinds of report and the annual report both give, the first $most.
SELECT
    c.kind, c.body_id, c.body, c.year, concat(c."table", '/', c.indicator, '/', c.series) AS cell, CAST(c.known AS DOUBLE) AS known,
    i.zh AS annual_zh, i.en AS annual_en, CAST(c.annual_value AS DOUBLE) AS annual_value,
    CAST(c.difference AS DOUBLE) AS difference
FROM kind_comparison AS c
INNER JOIN indicators AS i ON i.indicator = c.annual_indicator
ORDER BY c.kind, c.body_id, c.year, cell
LIMIT $most
