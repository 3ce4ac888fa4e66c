-- One row per body and year in which it, or a body below it at any depth, gave a report.
WITH RECURSIVE up AS (
    SELECT DISTINCT body_id, year FROM reports WHERE body_id IS NOT NULL
    UNION
    SELECT b.parent, u.year FROM up AS u INNER JOIN bodies AS b ON b.body_id = u.body_id WHERE b.parent IS NOT NULL
)

SELECT body_id, year FROM up
