-- One row per kind of report other than the annual one and year: reports, periods in which one is owed, and problems.
WITH kind_problem_counts AS (
    SELECT
        r.kind, r.year,
        count(*) FILTER (WHERE p.severity = 'error') AS errors,
        count(*) FILTER (WHERE p.severity = 'warning') AS warnings
    FROM kind_problems AS p
    INNER JOIN kind_reports AS r ON r.report_id = p.report_id
    GROUP BY r.kind, r.year
),

kind_periods AS (
    SELECT kind, year, count(*) AS due, count(*) FILTER (WHERE status = 'loaded') AS reported
    FROM kind_due
    GROUP BY kind, year
),

kind_figures AS (
    SELECT
        kind, year, count(value) AS figures, count(*) FILTER (WHERE in_doubt) AS doubtful,
        count(*) FILTER (WHERE origin = 'derived') AS derived_cells,
        count(*) FILTER (WHERE origin = 'decided') AS revised_cells
    FROM kind_values
    GROUP BY kind, year
),

kind_counts AS (
    SELECT
        kind, year,
        count(*) FILTER (WHERE status = 'loaded') AS loaded,
        count(*) FILTER (WHERE status = 'quarantined') AS quarantined,
        count(*) FILTER (WHERE provenance = 'simulated') AS simulated
    FROM kind_reports
    GROUP BY kind, year
)

SELECT
    c.kind, k.zh, k.en, c.year, c.loaded, c.quarantined, c.simulated,
    coalesce(d.due, 0) AS due, coalesce(d.reported, 0) AS reported,
    coalesce(p.errors, 0) AS errors, coalesce(p.warnings, 0) AS warnings,
    coalesce(f.figures, 0) AS figures, coalesce(f.doubtful, 0) AS doubtful,
    coalesce(f.derived_cells, 0) AS derived_cells, coalesce(f.revised_cells, 0) AS revised_cells
FROM kind_counts AS c
LEFT JOIN kinds AS k ON k.kind = c.kind
LEFT JOIN kind_periods AS d ON d.kind = c.kind AND d.year = c.year
LEFT JOIN kind_problem_counts AS p ON p.kind = c.kind AND p.year = c.year
LEFT JOIN kind_figures AS f ON f.kind = c.kind AND f.year = c.year
ORDER BY k.position, c.kind, c.year NULLS LAST
