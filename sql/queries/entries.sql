-- 其他种类的报告的清单（如问题网站）每行一条（-p body=… -p year=…） / lists of other kinds of report, one row per line
SELECT
    b.name AS reported_by, r.year, r.quarter, CASE WHEN $lang = 'en' THEN l.en ELSE l.zh END AS list, e.line,
    max(e."text") FILTER (WHERE e."column" = 'site') AS site,
    max(e."text") FILTER (WHERE e."column" = 'body') AS body,
    max(e."text") FILTER (WHERE e."column" = 'problem') AS problem_text,
    string_agg(concat(CASE WHEN $lang = 'en' THEN e."column" ELSE l.heading END, ': ', e."text"), '; ' ORDER BY e.grid_column, e."column")
        FILTER (WHERE e."column" NOT IN ('site', 'body', 'problem')) AS other_columns,
    r.path, min(e.page) AS page, min(e.grid) AS grid, min(e.grid_row) AS grid_row, r.provenance
FROM kind_entries AS e
INNER JOIN kind_reports AS r ON r.report_id = e.report_id
INNER JOIN kind_lists AS l ON l.kind = r.kind AND l."table" = e."table" AND l."column" = e."column"
INNER JOIN bodies AS b ON b.body_id = r.body_id
WHERE
    e."table" <> ''
    AND ($body IS NULL OR b.parent = $body OR b.body_id = $body)
    AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
GROUP BY b.name, r.report_id, r.year, r.quarter, r.path, r.provenance, e."table", l.zh, l.en, e.line
ORDER BY b.name, r.year, r.quarter, r.report_id, e."table", e.line
