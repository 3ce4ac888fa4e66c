-- One row per identity that is a check with an equation, or an edit of a form without one.
-- Severity: error.
SELECT identity, form, severity, equation
FROM identities
WHERE (form = '*') <> (equation IS NULL) OR (form = '*' AND severity <> 'warning')
