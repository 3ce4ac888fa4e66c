-- One row per answer with another status than its finding asks for, and per failed finding that shows another answer.
-- Severity: error.
-- The side that an answer quotes first is the left side of a failed finding of its name.
WITH answers AS (
    SELECT
        report_id, cell, operation, status, reason, evidence, decided_by,
        TRY_CAST(replace(split_part(printed_text, ' | ', 1), ',', '') AS DECIMAL(18, 6)) AS quoted_side
    FROM decisions
    WHERE operation IN ('confirm', 'return')
),

tested AS (
    SELECT
        a.report_id, a.cell,
        count(f.report_id) AS findings,
        count(*) FILTER (WHERE f.status = 'fail') AS failures,
        coalesce(bool_or(f.status = 'fail' AND (f.lhs IS NULL OR f.lhs = a.quoted_side)), FALSE) AS has_quoted_side
    FROM answers AS a
    LEFT JOIN findings AS f ON f.report_id = a.report_id AND concat(f.identity, '@', f."place") = a.cell
    GROUP BY a.report_id, a.cell
),

shown AS (
    SELECT
        f.report_id, concat(f.identity, '@', f."place") AS cell, f.answer, f.reason, f.evidence, f.decided_by,
        CASE WHEN f.status = 'fail' THEN
            CASE
                WHEN a.status <> 'applied' THEN 'stale'
                WHEN a.operation = 'confirm' THEN 'confirmed'
                WHEN a.operation = 'return' THEN 'returned'
            END
        END AS expected,
        CASE WHEN f.status = 'fail' THEN a.reason END AS expected_reason,
        CASE WHEN f.status = 'fail' THEN a.evidence END AS expected_evidence,
        CASE WHEN f.status = 'fail' THEN a.decided_by END AS expected_author
    FROM findings AS f
    LEFT JOIN answers AS a ON a.report_id = f.report_id AND a.cell = concat(f.identity, '@', f."place")
)

SELECT a.report_id, a.cell, a.status, t.findings, t.failures
FROM answers AS a
INNER JOIN tested AS t ON t.report_id = a.report_id AND t.cell = a.cell
LEFT JOIN findings AS x ON x.report_id = a.report_id AND x.identity = 'answer.' || a.status AND x."place" = a.cell
WHERE
    (a.status = 'unmatched') <> (t.findings = 0)
    OR (a.status = 'applied' AND NOT t.has_quoted_side)
    OR (a.status = 'applied') <> (x.report_id IS NULL)
UNION ALL
SELECT report_id, cell, answer, NULL, NULL
FROM shown
WHERE
    answer IS DISTINCT FROM expected
    OR reason IS DISTINCT FROM expected_reason
    OR evidence IS DISTINCT FROM expected_evidence
    OR decided_by IS DISTINCT FROM expected_author
