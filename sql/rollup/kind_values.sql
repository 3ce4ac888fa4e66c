-- One row per report of another kind and cell: the value to use, with its origin.
WITH printed AS (
    SELECT
        c.report_id, concat(c."table", '/', c."row", '/', c."column") AS cell, c."row" AS indicator,
        c."column" AS series, c.value, c.raw, c.unit, c.confidence
    FROM kind_cells AS c
),

decided AS (
    SELECT report_id, regexp_replace(cell, '^[^:]*:', '') AS cell, decided_value
    FROM kind_decisions
    WHERE status = 'applied' AND operation IN ('accept', 'correct')
),

doubted AS (
    SELECT report_id, unnest(list_concat([cell], suspects)) AS cell
    FROM kind_proposals
    WHERE status = 'open'
    UNION
    SELECT report_id, unnest(cells) AS cell
    FROM kind_findings
    WHERE status = 'fail' AND severity = 'error' AND (answer IS NULL OR answer <> 'confirmed')
),

addressed AS (
    SELECT
        coalesce(p.report_id, d.report_id) AS report_id, coalesce(p.cell, d.cell) AS cell,
        coalesce(p.indicator, split_part(d.cell, '/', 2)) AS indicator,
        coalesce(p.series, split_part(d.cell, '/', 3)) AS series,
        coalesce(p.value, d.value) AS value, p.raw, coalesce(p.unit, d.unit) AS unit, p.confidence,
        p.value IS NULL AND d.value IS NOT NULL AS is_derived
    FROM printed AS p
    FULL JOIN kind_derived AS d ON d.report_id = p.report_id AND d.cell = p.cell
)

SELECT
    a.report_id, a.cell, r.kind, r.body_id, r.year, r.quarter, r.subject, a.indicator, a.series,
    CASE WHEN x.cell IS NULL THEN a.value ELSE x.decided_value END AS value, a.raw, a.unit,
    CASE WHEN x.cell IS NOT NULL THEN 'decided' WHEN a.is_derived THEN 'derived' ELSE 'printed' END AS origin,
    x.cell IS NULL AND (u.cell IS NOT NULL OR coalesce(a.confidence, 1) < 0.8) AS in_doubt,
    r.provenance
FROM addressed AS a
INNER JOIN kind_reports AS r ON r.report_id = a.report_id
LEFT JOIN decided AS x ON x.report_id = a.report_id AND x.cell = a.cell
LEFT JOIN doubted AS u ON u.report_id = a.report_id AND u.cell = a.cell
WHERE r.status <> 'quarantined'
