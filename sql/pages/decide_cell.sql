-- One row: a report and the printed text of one of its cells; the text is null where the report has no such cell.
SELECT r.body_id, r.body, r.year, r.kind, r.quarter, r.subject, r.form, r.part, c.raw
FROM all_reports AS r
LEFT JOIN all_cells AS c ON c.report_id = r.report_id AND c.cell = $cell
WHERE r.report_id = $report
