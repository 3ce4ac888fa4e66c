-- One row per report year, kind and provenance: how many reports are loaded, those of annual reports first.
SELECT r.year, r.kind, k.zh, k.en, r.provenance, count(*) AS reports
FROM all_reports AS r
LEFT JOIN kinds AS k ON k.kind = r.kind
WHERE r.status = 'loaded'
GROUP BY r.year, r.kind, k.zh, k.en, r.provenance
ORDER BY r.kind <> 'annual_report', r.kind, r.year, r.provenance
