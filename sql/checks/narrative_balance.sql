-- One row per report whose prose gives all four figures exactly: received + carried in = handled + carried out.
WITH prose AS (
    SELECT
        report_id, "row", provenance,
        max(value) AS value
    FROM figures
    WHERE
        scope = 'whole'
        AND "row" IN ('applications.received', 'applications.carried_in', 'applications.handled', 'applications.carried_out')
    GROUP BY report_id, "row", provenance
    HAVING min(value) = max(value) AND max(CASE WHEN approximate THEN 1 ELSE 0 END) = 0
),

sides AS (
    SELECT
        report_id, provenance,
        sum(CASE WHEN "row" IN ('applications.received', 'applications.carried_in') THEN value END) AS lhs,
        sum(CASE WHEN "row" IN ('applications.handled', 'applications.carried_out') THEN value END) AS rhs
    FROM prose
    GROUP BY report_id, provenance
    HAVING count(*) = 4
)

SELECT
    report_id,
    'narrative.balance' AS identity,
    'narrative/applications.received/value' AS place,
    CASE WHEN lhs = rhs THEN 'pass' ELSE 'fail' END AS status,
    CAST(lhs AS DECIMAL(18, 6)) AS lhs,
    CAST(rhs AS DECIMAL(18, 6)) AS rhs,
    'warning' AS severity,
    concat(
        'narrative/applications.received/value narrative/applications.carried_in/value ',
        'narrative/applications.handled/value narrative/applications.carried_out/value'
    ) AS cells,
    '' AS note,
    provenance
FROM sides
