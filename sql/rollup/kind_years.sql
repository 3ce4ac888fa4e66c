-- One row per body, year and indicator of another kind of report: the value of the year from its quarters.
WITH cells AS (
    SELECT DISTINCT kind, body_id, coalesce(subject, '') AS subject, year, cell FROM kind_values
),

slots AS (
    SELECT
        c.kind, c.body_id, c.subject, c.year, c.cell, k."table", k."row" AS indicator, k."column" AS series, k.unit,
        k.measure, k.part, k.whole, q.quarter
    FROM cells AS c
    INNER JOIN kind_rows AS k ON k.kind = c.kind AND concat(k."table", '/', k."row", '/', k."column") = c.cell
    INNER JOIN kind_quarters AS q
        ON q.kind = c.kind AND q.body_id = c.body_id AND q.subject = c.subject AND q.year = c.year
),

filled AS (
    SELECT
        s.*, v.value, v.report_id, v.in_doubt, v.provenance, p.value AS part_value, w.value AS whole_value,
        coalesce(p.in_doubt, FALSE) OR coalesce(w.in_doubt, FALSE) AS terms_in_doubt
    FROM slots AS s
    LEFT JOIN kind_values AS v
        ON
            v.kind = s.kind AND v.body_id = s.body_id AND coalesce(v.subject, '') = s.subject AND v.year = s.year
            AND coalesce(v.quarter, 0) = s.quarter AND v.cell = s.cell
    LEFT JOIN kind_values AS p ON p.report_id = v.report_id AND p.cell = s.part
    LEFT JOIN kind_values AS w ON w.report_id = v.report_id AND w.cell = s.whole
),

-- A rate of a year needs both of its numbers in each quarter; the printed rates are never averaged.
measured AS (
    SELECT
        *,
        CASE
            WHEN measure <> 'rate' OR quarter = 0 THEN value IS NOT NULL
            ELSE part_value IS NOT NULL AND whole_value IS NOT NULL
        END AS is_known
    FROM filled
),

summed AS (
    SELECT
        kind, body_id, subject, year, "table", indicator, series, measure, unit, min(quarter) AS first_quarter,
        max(value) AS only_value,
        sum(value) FILTER (WHERE is_known) AS total, arg_max(value, quarter) FILTER (WHERE is_known) AS last_value,
        sum(part_value) FILTER (WHERE is_known) AS part, sum(whole_value) FILTER (WHERE is_known) AS whole,
        max(quarter) FILTER (WHERE is_known) AS last_quarter,
        list(CAST(quarter AS VARCHAR) ORDER BY quarter) FILTER (WHERE is_known AND quarter > 0) AS quarters,
        list(CAST(quarter AS VARCHAR) ORDER BY quarter) FILTER (WHERE NOT is_known AND quarter > 0) AS missing,
        bool_or(coalesce(in_doubt, FALSE) OR terms_in_doubt) AS in_doubt,
        list(report_id ORDER BY report_id) FILTER (WHERE report_id IS NOT NULL) AS reports,
        CASE WHEN count(DISTINCT provenance) > 1 THEN 'mixed' ELSE min(provenance) END AS provenance
    FROM measured
    GROUP BY kind, body_id, subject, year, "table", indicator, series, measure, unit
),

known AS (
    SELECT
        *,
        CASE
            WHEN first_quarter = 0 THEN only_value
            WHEN measure = 'flow' THEN total
            WHEN measure = 'stock' THEN last_value
            ELSE round(100 * part / nullif(whole, 0), 4)
        END AS known
    FROM summed
)

SELECT
    kind, body_id, subject, year, "table", indicator, series, measure,
    CASE
        WHEN first_quarter = 0 THEN known
        WHEN measure = 'stock' THEN CASE WHEN last_quarter = 4 THEN known END
        WHEN missing IS NULL THEN known
    END AS value,
    known, unit, coalesce(quarters, []) AS quarters, coalesce(missing, []) AS missing, in_doubt, reports, provenance
FROM known
