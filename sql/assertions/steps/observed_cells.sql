-- One row per observation and cell that its column `cell` names.
SELECT report_id, indicator, applicant, series, value, obs_status, unnest(string_split(cell, '+')) AS cell
FROM observations
