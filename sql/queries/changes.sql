-- 变更记录：发布的数与印的数不同之处 / numbers published that differ from the printed ones
SELECT r.body, r.year, c.cell, c.was, c.old, c.new, c.operation, c.mechanism, c.reason, c.evidence, c.who, c.provenance
FROM changes AS c
INNER JOIN reports AS r ON r.report_id = c.report_id
ORDER BY r.path, c.cell
