-- One row per total whose key, difference or status does not follow from its two figures.
-- Severity: error.
SELECT total_id, body_id, year, indicator, applicant, compiled, reported, difference, status
FROM compiled
WHERE
    total_id <> concat_ws('/', year, body_id, indicator, applicant)
    OR difference IS DISTINCT FROM compiled - reported
    OR (status = 'not_compiled') <> (compiled IS NULL)
    OR (status = 'not_reported') <> (compiled IS NOT NULL AND reported IS NULL)
    OR (status = 'members_missing') <> (difference IS NOT NULL AND members_counted <> members_expected)
    OR (status = 'equal') <> (difference IS NOT NULL AND difference = 0 AND members_counted = members_expected)
