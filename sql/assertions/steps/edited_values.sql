-- One row per report and address: the value on which identities are tested, as printed or decided by a person.
SELECT
    c.report_id, concat(c."table", '/', c."row", '/', c."column") AS cell,
    coalesce(d.decided_value, c.value) AS value
FROM cells AS c
LEFT JOIN decisions AS d
    ON d.report_id = c.report_id
    AND d.cell = concat(c."table", '/', c."row", '/', c."column")
    AND d.status = 'applied'
UNION ALL
SELECT
    report_id, concat('narrative/', "row", '/value'),
    CASE WHEN min(value) = max(value) AND NOT bool_or(approximate) THEN min(value) END
FROM figures
WHERE scope = 'whole'
GROUP BY report_id, "row"
