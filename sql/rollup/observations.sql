-- One row a body, year, indicator and kind of applicant: cells and prose figures, made comparable by the crosswalk.
-- `total_id` is the row of `city_year` that the figure stands below, and goes into where figures of its kind add up: a
-- city's own figures, and those of who is not due, stand below none.
WITH said AS (
    SELECT
        report_id, "table", "row", "column", value, kind, imputed, FALSE AS approximate
    FROM edited
    UNION ALL
    -- A figure that the prose gives twice with different values is no figure.
    SELECT
        report_id, 'narrative', "row", 'value',
        CASE WHEN count(DISTINCT value) = 1 THEN max(value) END,
        'number',
        FALSE,
        bool_or(approximate)
    FROM figures
    WHERE scope = 'whole'
    GROUP BY report_id, "row"
),

-- How many cells a form adds up to an indicator: one that is absent makes the sum unknown.
wanted AS (
    SELECT form, indicator, count(*) AS parts
    FROM crosswalk
    WHERE indicator IS NOT NULL
    GROUP BY form, indicator
),

summed AS (
    SELECT
        r.body_id, r.region_code, r.year, x.indicator, r.provenance, r.report_id,
        CASE WHEN x."column" = '*' THEN p."column" ELSE 'total' END AS applicant,
        CASE WHEN count(p.value) = max(w.parts) THEN sum(p.value) END AS value,
        bool_or(p.imputed) AS imputed,
        bool_or(p.approximate) AS approximate,
        min(CASE WHEN p.kind = 'na' THEN 1 ELSE 0 END) AS not_applicable,
        -- Nearly all are of one cell, and to sort these takes longer than all else.
        coalesce(
            string_agg(
                concat(p."table", '/', p."row", '/', p."column"), '+'
                ORDER BY concat(p."table", '/', p."row", '/', p."column")
            ) FILTER (WHERE w.parts > 1),
            min(concat(p."table", '/', p."row", '/', p."column"))
        ) AS cell
    FROM said AS p
    INNER JOIN reports AS r ON r.report_id = p.report_id
    INNER JOIN crosswalk AS x
        ON (x.form = r.form OR x.form = '*')
        AND x."table" = p."table"
        AND x."row" = p."row"
        AND (x."column" = p."column" OR x."column" = '*')
        AND x.indicator IS NOT NULL
    INNER JOIN wanted AS w ON w.form = x.form AND w.indicator = x.indicator
    GROUP BY
        r.body_id, r.region_code, r.year, x.indicator, r.provenance, r.report_id,
        CASE WHEN x."column" = '*' THEN p."column" ELSE 'total' END
)

SELECT
    s.body_id, s.region_code, s.year, s.indicator, s.applicant,
    CAST(s.value AS DECIMAL(18, 6)) AS value,
    i.unit,
    CASE
        WHEN s.value IS NULL AND s.not_applicable = 1 THEN 'L'
        WHEN s.value IS NULL THEN 'M'
        WHEN s.imputed THEN 'I'
        WHEN s.approximate THEN 'E'
        ELSE 'A'
    END AS obs_status,
    s.provenance, s.report_id, s.cell,
    CASE
        WHEN c.city_id IS NOT NULL
            THEN concat(CAST(s.year AS VARCHAR), '/', c.city_id, '/', s.indicator, '/', s.applicant)
    END AS total_id
FROM summed AS s
INNER JOIN indicators AS i ON i.indicator = s.indicator
LEFT JOIN coverage AS c ON c.report_id = s.report_id
