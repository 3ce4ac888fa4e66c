-- One row per kind of report and body that has given one or owes one, with its name.
SELECT DISTINCT d.kind, b.body_id, b.name
FROM kind_due AS d
INNER JOIN bodies AS b ON b.body_id = d.body_id
ORDER BY d.kind, b.body_id
