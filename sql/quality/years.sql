-- One row per report year: reports, members that should report, tested edits, and the share of derived figures.
WITH year_reports AS (
    SELECT
        year,
        count(*) FILTER (WHERE status = 'loaded') AS loaded,
        count(*) FILTER (WHERE status = 'quarantined') AS quarantined,
        count(*) FILTER (WHERE provenance = 'simulated') AS simulated
    FROM reports
    GROUP BY year
),

year_members AS (
    SELECT
        year,
        count(DISTINCT body_id) AS due,
        count(DISTINCT body_id) FILTER (WHERE status = 'loaded') AS reported
    FROM due
    WHERE parent IN (SELECT body_id FROM bodies WHERE level NOT IN ('nation', 'province'))
    GROUP BY year
),

year_edits AS (
    SELECT
        r.year,
        count(*) FILTER (WHERE f.status <> 'unknown') AS tested,
        count(*) FILTER (WHERE f.status = 'fail' AND f.severity = 'error') AS errors,
        count(*) FILTER (WHERE f.status = 'fail' AND f.severity = 'warning') AS warnings,
        count(*) FILTER (WHERE f.status = 'unknown') AS untested
    FROM findings AS f
    INNER JOIN reports AS r ON r.report_id = f.report_id
    GROUP BY r.year
),

year_figures AS (
    SELECT
        year,
        count(value) AS figures,
        count(*) FILTER (WHERE obs_status = 'I') AS imputed,
        count(*) FILTER (WHERE obs_status = 'M') AS missing
    FROM observations
    GROUP BY year
),

year_changes AS (
    SELECT
        r.year,
        count(*) FILTER (WHERE c.operation = 'derive') AS derived_cells,
        count(*) FILTER (WHERE c.operation <> 'derive') AS revised_cells
    FROM changes AS c
    INNER JOIN reports AS r ON r.report_id = c.report_id
    GROUP BY r.year
)

SELECT
    r.year,
    r.loaded,
    r.quarantined,
    r.simulated,
    coalesce(m.reported, 0) AS reported,
    coalesce(m.due, 0) AS due,
    coalesce(e.tested, 0) AS tested,
    coalesce(e.errors, 0) AS errors,
    coalesce(e.warnings, 0) AS warnings,
    coalesce(e.untested, 0) AS untested,
    coalesce(f.figures, 0) AS figures,
    coalesce(f.imputed, 0) AS imputed,
    coalesce(f.missing, 0) AS missing,
    coalesce(c.derived_cells, 0) AS derived_cells,
    coalesce(c.revised_cells, 0) AS revised_cells
FROM year_reports AS r
LEFT JOIN year_members AS m ON m.year = r.year
LEFT JOIN year_edits AS e ON e.year = r.year
LEFT JOIN year_figures AS f ON f.year = r.year
LEFT JOIN year_changes AS c ON c.year = r.year
ORDER BY r.year NULLS LAST
