-- One row per body in $bodies: the years of expected reports, with their status and note.
SELECT
    body_id, list(year ORDER BY year) AS years, list(status ORDER BY year) AS statuses,
    list(note ORDER BY year) AS notes
FROM due
WHERE body_id IN (SELECT unnest($bodies))
GROUP BY body_id
ORDER BY body_id
