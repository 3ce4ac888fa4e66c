-- One row per kind of report other than the annual one of which there are reports.
SELECT k.kind AS id, k.zh, k.en, k.period
FROM kinds AS k
WHERE k.kind IN (SELECT kind FROM kind_reports)
ORDER BY k.position
