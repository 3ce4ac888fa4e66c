-- One row per row of `decisions` and of `kind_decisions`, whose cells are without the part of the year here.
SELECT
    report_id, body_id, year, cell, printed_text, decided_value, operation, reason, evidence, decided_by, status
FROM decisions
UNION ALL
SELECT
    report_id, body_id, year, regexp_replace(cell, '^[^:]*:', ''), printed_text, decided_value, operation, reason,
    evidence, decided_by, status
FROM kind_decisions
