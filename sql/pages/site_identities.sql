-- One row per identity, with its wording in the first form that has it.
SELECT identity, first(zh ORDER BY position) AS zh, first(en ORDER BY position) AS en
FROM identities
GROUP BY identity
