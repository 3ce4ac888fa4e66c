-- One row: a report and the printed text of one of its cells; the text is null where the report has no such cell.
SELECT r.body_id, r.year, r.form, c.raw
FROM reports AS r
LEFT JOIN cells AS c ON c.report_id = r.report_id AND concat(c."table", '/', c."row", '/', c."column") = $cell
WHERE r.report_id = $report
