-- One row per usual figure that is not the lower median of the figures above 0 of its group, or not of as many figures.
-- Severity: error.
-- Figures of the year before count too. A figure that several cells give together, or without a growth, does not count.
WITH figures AS (
    SELECT o.year, r.level, o.provenance = 'simulated' AS is_simulated, o.indicator, o.value
    FROM earlier.observations AS o
    INNER JOIN earlier.reports AS r ON r.report_id = o.report_id
    INNER JOIN indicators AS i ON i.indicator = o.indicator AND i.additive = 'yes'
    WHERE o.applicant = 'total' AND o.value > 0 AND NOT contains(o.cell, '+')
),

sorted_figures AS (
    SELECT n.year, n.level, n.is_simulated, n.indicator, n.figures, n.usual, list_sort(list(f.value)) AS figures_of_group
    FROM norms AS n
    LEFT JOIN figures AS f
        ON f.year IN (n.year, n.year - 1)
        AND (f.level = n.level OR n.level = '*')
        AND f.is_simulated = n.is_simulated
        AND f.indicator = n.indicator
    GROUP BY ALL
)

SELECT year, level, is_simulated, indicator, figures, usual
FROM sorted_figures
WHERE
    figures <> len(figures_of_group)
    OR usual IS DISTINCT FROM figures_of_group[CAST((figures + 1) // 2 AS INTEGER)]
