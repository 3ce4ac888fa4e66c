-- One row per problem of a report of any kind, as in `problems` and `kind_problems`.
SELECT report_id, kind AS problem, severity, place, identity FROM problems
UNION ALL
SELECT report_id, problem, severity, place, identity FROM kind_problems
