-- One row per basis of a figure.
SELECT id, zh, en, NULL AS aliases
FROM (VALUES ('reported', '上报数', 'Reported'), ('compiled', '汇总数', 'Compiled')) AS bases (id, zh, en)
