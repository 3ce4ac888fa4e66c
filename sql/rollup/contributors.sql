-- One row per body with members, year and report that its compiled figures sum up.
-- For a member without a loaded report, those of its own members count instead: then `member` is not `contributor`.
SELECT body_id, year, member, contributor, report_id, provenance
FROM descendants
WHERE status = 'loaded'
