-- One row per name in a table that is not the name in the register.
-- Severity: warning.
WITH shown AS (
    SELECT DISTINCT 'compiled' AS "table", body_id AS id, body AS name FROM compiled
    UNION ALL
    SELECT DISTINCT 'due', body_id, body FROM due
    UNION ALL
    SELECT DISTINCT 'reconciliation', body_id, body FROM reconciliation
    UNION ALL
    SELECT DISTINCT 'headline', body_id, body FROM headline
    UNION ALL
    SELECT DISTINCT 'headline', indicator, concat(zh, ' ', en) FROM headline
),

registered AS (
    SELECT body_id AS id, name FROM bodies
    UNION ALL
    SELECT indicator, concat(zh, ' ', en) FROM indicators
)

SELECT s."table", s.id, s.name, r.name AS registered_name
FROM shown AS s
LEFT JOIN registered AS r ON r.id = s.id
WHERE s.name IS DISTINCT FROM r.name
