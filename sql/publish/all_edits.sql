-- One row per identity of a form, check between reports, or edit of another kind of report, whose `form` is the kind.
SELECT identity, form, severity, zh, en, source, position FROM identities
UNION ALL
SELECT identity, kind, severity, zh, en, source, (SELECT count(*) FROM identities) + position FROM kind_edits
