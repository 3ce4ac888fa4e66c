-- Plausible corruptions of a snapshot: one row, or the rows that one mistake of a program would change.

-- reports: year off by one
UPDATE reports SET year = year + 1
WHERE rowid = (SELECT min(rowid) FROM reports WHERE status = 'loaded' AND year = 2018);

-- reports: lost provenance
UPDATE reports SET provenance = NULL
WHERE rowid = (SELECT min(rowid) FROM reports WHERE status = 'loaded' AND provenance = 'simulated');

-- reports: simulated becomes published
UPDATE reports SET provenance = 'published'
WHERE rowid = (SELECT min(rowid) FROM reports WHERE provenance = 'simulated');

-- reports: other parent
UPDATE reports SET parent = '110000'
WHERE rowid = (SELECT min(rowid) FROM reports WHERE parent = '411200' AND status = 'loaded');

-- reports: quarantined report loaded
UPDATE reports SET status = 'loaded', reason_code = NULL
WHERE rowid = (SELECT min(rowid) FROM reports WHERE status = 'quarantined');

-- reports: loaded report quarantined
UPDATE reports SET status = 'quarantined'
WHERE rowid = (SELECT min(rowid) FROM reports WHERE status = 'loaded' AND parent IS NOT NULL);

-- reports: other form
UPDATE reports SET form = '2021'
WHERE rowid = (SELECT min(rowid) FROM reports WHERE form = '2019' AND year = 2019);

-- reports: lost report
DELETE FROM reports
WHERE rowid = (SELECT min(rowid) FROM reports WHERE status = 'loaded' AND parent IS NOT NULL);

-- cells: swapped columns
UPDATE cells SET "column" = CASE "column" WHEN 'business' THEN 'research' ELSE 'business' END
WHERE report_id = '2019/411200.html' AND "column" IN ('business', 'research');

-- cells: unit factor
UPDATE cells SET value = value * 10000
WHERE rowid = (SELECT min(rowid) FROM cells WHERE "table" = 'applications' AND "row" = 'new' AND "column" = 'total' AND value > 1);

-- cells: value off by one
UPDATE cells SET value = value + 1
WHERE rowid = (SELECT min(rowid) FROM cells WHERE "table" = 'applications' AND "row" = 'new' AND "column" = 'total' AND value > 1);

-- cells: other unit
UPDATE cells SET unit = '元' WHERE rowid = (SELECT min(rowid) FROM cells WHERE unit = '件');

-- cells: lost cell
UPDATE cells SET "row" = 'news'
WHERE rowid = (SELECT min(rowid) FROM cells WHERE "table" = 'applications' AND "row" = 'new' AND "column" = 'total' AND value > 1);

-- cells: lost cell
DELETE FROM cells
WHERE rowid = (SELECT min(rowid) FROM cells WHERE "table" = 'applications' AND "row" = 'new' AND "column" = 'total' AND value > 1);

-- cells: lost provenance
UPDATE cells SET provenance = 'published'
WHERE rowid = (SELECT min(rowid) FROM cells WHERE provenance = 'simulated');

-- cells: dangling key
UPDATE cells SET report_id = '2019/000000.html'
WHERE rowid = (SELECT min(rowid) FROM cells WHERE "table" = 'applications' AND "row" = 'new' AND "column" = 'total' AND value > 1);

-- cells: blank becomes zero
UPDATE cells SET kind = 'zero', value = 0
WHERE rowid = (SELECT min(rowid) FROM cells WHERE kind = 'blank');

-- figures: other value
UPDATE figures SET value = value + 1
WHERE rowid = (SELECT min(rowid) FROM figures WHERE "row" = 'disclosed.items' AND scope = 'whole');

-- figures: scope widened
UPDATE figures SET scope = 'whole'
WHERE rowid = (SELECT min(rowid) FROM figures WHERE scope IN ('part', 'body', 'uncertain', 'other_year', 'taken_up'));

-- figures: shifted offset
UPDATE figures SET "end" = "end" + 1 WHERE rowid = (SELECT min(rowid) FROM figures WHERE true);

-- figures: lost figure
DELETE FROM figures
WHERE rowid = (SELECT min(rowid) FROM figures WHERE "row" = 'disclosed.items' AND scope = 'whole');

-- findings: sign of the difference
UPDATE findings SET difference = -difference
WHERE rowid = (SELECT min(rowid) FROM findings WHERE difference <> 0);

-- findings: failure becomes a pass
UPDATE findings SET status = 'pass'
WHERE rowid = (SELECT min(rowid) FROM findings WHERE status = 'fail' AND lhs <> rhs);

-- findings: weaker severity
UPDATE findings SET severity = 'warning'
WHERE rowid = (SELECT min(rowid) FROM findings WHERE identity = 'app.row_total');

-- findings: swapped sides
UPDATE findings SET lhs = rhs, rhs = lhs, difference = -difference
WHERE rowid = (SELECT min(rowid) FROM findings WHERE identity = 'narrative.carried_in' AND lhs <> rhs);

-- findings: both sides off by one
UPDATE findings SET lhs = lhs + 1, rhs = rhs + 1
WHERE rowid = (SELECT min(rowid) FROM findings WHERE identity = 'app.balance' AND status = 'pass');

-- findings: lost identity
DELETE FROM findings WHERE identity = 'app.balance' AND report_id = '2019/411200.html';

-- findings: lost answer
UPDATE findings SET answer = NULL WHERE rowid = (SELECT min(rowid) FROM findings WHERE answer = 'confirmed');

-- findings: stale answer confirmed
UPDATE findings SET answer = 'confirmed' WHERE rowid = (SELECT min(rowid) FROM findings WHERE answer = 'stale');

-- findings: answer of another author
UPDATE findings SET decided_by = '李四' WHERE rowid = (SELECT min(rowid) FROM findings WHERE answer = 'returned');

-- proposals: other cell
UPDATE proposals SET cell = 'applications/new/business'
WHERE rowid = (SELECT min(rowid) FROM proposals WHERE level <> 'unresolved');

-- proposals: printed value proposed
UPDATE proposals SET implied = printed_value
WHERE rowid = (SELECT min(rowid) FROM proposals WHERE printed_value IS NOT NULL AND implied IS NOT NULL);

-- proposals: accepted without a decision
UPDATE proposals SET status = 'accepted'
WHERE rowid = (SELECT min(rowid) FROM proposals WHERE status = 'open');

-- proposals: answered without an answer
UPDATE proposals SET status = 'answered'
WHERE rowid = (SELECT min(rowid) FROM proposals WHERE status = 'open');

-- proposals: lost proposal
DELETE FROM proposals WHERE rowid = (SELECT min(rowid) FROM proposals WHERE level = 'certified');

-- derived: other value
UPDATE derived SET value = value + 1 WHERE rowid = (SELECT min(rowid) FROM derived WHERE true);

-- derived: lost value
DELETE FROM derived WHERE rowid = (SELECT min(rowid) FROM derived WHERE true);

-- decisions: year off by one
UPDATE decisions SET year = year + 1 WHERE rowid = (SELECT min(rowid) FROM decisions WHERE true);

-- decisions: stale decision applied
UPDATE decisions SET status = 'applied'
WHERE rowid = (SELECT min(rowid) FROM decisions WHERE status = 'stale');

-- decisions: stale answer applied
UPDATE decisions SET status = 'applied'
WHERE rowid = (SELECT min(rowid) FROM decisions WHERE operation = 'confirm' AND status = 'stale');

-- decisions: answer quotes another side
UPDATE decisions SET printed_text = '13 | 11 (12)' WHERE operation = 'return';

-- decisions: other value
UPDATE decisions SET decided_value = decided_value + 1
WHERE rowid = (SELECT min(rowid) FROM decisions WHERE operation = 'correct' AND status = 'applied');

-- changes: lost author
UPDATE changes SET decided_by = NULL
WHERE rowid = (SELECT min(rowid) FROM changes WHERE decided_by IS NOT NULL);

-- changes: other value
UPDATE changes SET published_value = published_value + 1
WHERE rowid = (SELECT min(rowid) FROM changes WHERE true);

-- changes: silent change
DELETE FROM changes WHERE rowid = (SELECT min(rowid) FROM changes WHERE operation = 'correct');

-- observations: unit factor
UPDATE observations SET value = value * 10000
WHERE rowid = (SELECT min(rowid) FROM observations WHERE indicator = 'applications.new' AND applicant = 'total' AND value > 1);

-- observations: rounded value
UPDATE observations SET value = round(value, -1)
WHERE rowid = (SELECT min(rowid) FROM observations WHERE indicator = 'applications.new' AND applicant = 'total' AND value > 1 AND value % 10 <> 0);

-- observations: missing becomes zero
UPDATE observations SET value = 0, obs_status = 'A'
WHERE rowid = (SELECT min(rowid) FROM observations WHERE obs_status = 'M');

-- observations: swapped applicants
UPDATE observations SET applicant = CASE applicant WHEN 'business' THEN 'research' ELSE 'business' END
WHERE report_id = '2019/411202.html' AND indicator = 'applications.new' AND applicant IN ('business', 'research');

-- observations: year off by one
UPDATE observations SET year = year - 1
WHERE rowid = (SELECT min(rowid) FROM observations WHERE indicator = 'applications.new' AND applicant = 'total' AND value > 1);

-- observations: imputed becomes normal
UPDATE observations SET obs_status = 'A'
WHERE rowid = (SELECT min(rowid) FROM observations WHERE obs_status = 'I');

-- observations: total of another city
UPDATE observations SET total_id = replace(total_id, '/411200/', '/110000/')
WHERE rowid = (SELECT min(rowid) FROM observations WHERE total_id LIKE '2019/411200/%');

-- observations: lost total
UPDATE observations SET total_id = NULL
WHERE rowid = (SELECT min(rowid) FROM observations WHERE indicator = 'applications.new' AND applicant = 'total' AND value > 1 AND total_id IS NOT NULL);

-- observations: other series
UPDATE observations SET series = series + 1
WHERE rowid = (SELECT min(rowid) FROM observations WHERE indicator = 'applications.new' AND applicant = 'total' AND value > 1);

-- observations: counted twice
INSERT INTO observations SELECT * REPLACE ('110000-double' AS body_id) FROM observations WHERE rowid = (SELECT min(rowid) FROM observations WHERE indicator = 'applications.new' AND applicant = 'total' AND value > 1 AND total_id IS NOT NULL);

-- observations: lost figure
DELETE FROM observations
WHERE rowid = (SELECT min(rowid) FROM observations WHERE indicator = 'applications.new' AND applicant = 'total' AND value > 1);

-- observations: other unit
UPDATE observations SET unit = '条'
WHERE rowid = (SELECT min(rowid) FROM observations WHERE indicator = 'applications.new' AND applicant = 'total' AND value > 1);

-- compiled: doubled total
UPDATE compiled SET compiled = compiled * 2, difference = compiled * 2 - reported
WHERE rowid = (SELECT min(rowid) FROM compiled WHERE indicator = 'applications.new' AND applicant = 'total' AND compiled > 1);

-- compiled: city counted as a member
UPDATE compiled SET compiled = compiled + reported
WHERE rowid = (SELECT min(rowid) FROM compiled WHERE indicator = 'applications.new' AND applicant = 'total' AND compiled > 1);

-- compiled: lost provenance
UPDATE compiled SET compiled_provenance = 'transcribed'
WHERE rowid = (SELECT min(rowid) FROM compiled WHERE compiled_provenance = 'simulated');

-- compiled: mixed becomes transcribed
UPDATE compiled SET reported_provenance = 'transcribed'
WHERE rowid = (SELECT min(rowid) FROM compiled WHERE reported_provenance = 'simulated');

-- compiled: compiled and reported swapped
UPDATE compiled SET compiled = reported, reported = compiled, difference = -difference
WHERE rowid = (SELECT min(rowid) FROM compiled WHERE difference <> 0);

-- compiled: status of another
UPDATE compiled SET status = 'equal'
WHERE rowid = (SELECT min(rowid) FROM compiled WHERE status = 'members_missing');

-- compiled: missing member not named
UPDATE compiled SET members_missing = NULL
WHERE rowid = (SELECT min(rowid) FROM compiled WHERE members_missing IS NOT NULL);

-- compiled: member too few expected
UPDATE compiled SET members_expected = members_expected - 1
WHERE rowid = (SELECT min(rowid) FROM compiled WHERE members_counted < members_expected);

-- compiled: lost total
DELETE FROM compiled
WHERE rowid = (SELECT min(rowid) FROM compiled WHERE indicator = 'applications.new' AND applicant = 'total' AND compiled > 1);

-- growth: prior of two years ago
UPDATE growth SET prior = prior + 1, change = change - 1
WHERE rowid = (SELECT min(rowid) FROM growth WHERE prior_basis = 'same' AND prior > 10);

-- growth: percentage of the present
UPDATE growth SET growth_percent = round(100e0 * change / value, 4)
WHERE rowid = (SELECT min(rowid) FROM growth WHERE growth_percent > 10 AND value > 0);

-- growth: missing becomes zero
UPDATE growth SET prior = 0, prior_basis = 'new', comparable = TRUE, change = value
WHERE rowid = (SELECT min(rowid) FROM growth WHERE prior_basis = 'missing');

-- growth: predecessor forgotten
UPDATE growth SET prior = NULL, change = NULL, growth_percent = NULL, prior_basis = 'missing', comparable = FALSE
WHERE rowid = (SELECT min(rowid) FROM growth WHERE prior_basis = 'predecessors');

-- growth: broken series compared
UPDATE growth SET comparable = TRUE
WHERE rowid = (SELECT min(rowid) FROM growth WHERE prior_basis = 'series_broken');

-- growth: mixed becomes simulated
UPDATE growth SET provenance = 'transcribed'
WHERE rowid = (SELECT min(rowid) FROM growth WHERE provenance IN ('simulated', 'mixed'));

-- growth: lost growth
DELETE FROM growth WHERE rowid = (SELECT min(rowid) FROM growth WHERE basis = 'compiled');

-- rates: inverted rate
UPDATE rates SET percent = round(100e0 * denominator / numerator, 4)
WHERE rowid = (SELECT min(rowid) FROM rates WHERE numerator > 0 AND denominator > numerator);

-- rates: doubled numerator
UPDATE rates SET numerator = numerator * 2, percent = percent * 2
WHERE rowid = (SELECT min(rowid) FROM rates WHERE percent > 0 AND basis = 'reported');

-- rates: incomplete member counted
UPDATE rates SET denominator = denominator + 5, percent = round(100e0 * numerator / (denominator + 5), 4)
WHERE rowid = (SELECT min(rowid) FROM rates WHERE basis = 'compiled' AND percent > 0);

-- rates: member too many
UPDATE rates SET members_counted = members_counted + 1
WHERE rowid = (SELECT min(rowid) FROM rates WHERE basis = 'compiled');

-- percentiles: smallest first
UPDATE percentiles SET place = n - place + 1
WHERE rowid = (SELECT min(rowid) FROM percentiles WHERE n >= 5 AND place = 1);

-- percentiles: place 0
UPDATE percentiles SET place = place - 1
WHERE rowid = (SELECT min(rowid) FROM percentiles WHERE place = 1);

-- percentiles: value of another year
UPDATE percentiles SET value = value + 1
WHERE rowid = (SELECT min(rowid) FROM percentiles WHERE kind = 'indicator');

-- due: absent body loaded
UPDATE due SET status = 'loaded'
WHERE rowid = (SELECT min(rowid) FROM due WHERE status = 'absent');

-- due: member forgotten
DELETE FROM due WHERE rowid = (SELECT min(rowid) FROM due WHERE status = 'absent');

-- due: report of another
UPDATE due SET report_id = '2019/411203.html'
WHERE rowid = (SELECT min(rowid) FROM due WHERE report_id = '2019/411202.html');

-- due: lineage not new
UPDATE due SET existed_before = NOT existed_before
WHERE rowid = (SELECT min(rowid) FROM due WHERE true);

-- carry: swapped columns
UPDATE carry SET carried_in = carried_out, carried_out = carried_in
WHERE rowid = (SELECT min(rowid) FROM carry WHERE carried_in <> carried_out);

-- carry: sign of the gap
UPDATE carry SET gap = -gap WHERE rowid = (SELECT min(rowid) FROM carry WHERE gap <> 0);

-- headline: other growth
UPDATE headline SET compiled_growth = reported_growth
WHERE rowid = (SELECT min(rowid) FROM headline WHERE compiled_growth IS NOT NULL);

-- headline: compiled copied
UPDATE headline SET reported = compiled + 1
WHERE rowid = (SELECT min(rowid) FROM headline WHERE reported IS NOT NULL);

-- reconciliation: differences hidden
UPDATE reconciliation SET equal = equal + differs, differs = 0
WHERE rowid = (SELECT min(rowid) FROM reconciliation WHERE differs > 0);

-- reconciliation: largest difference
UPDATE reconciliation SET largest_difference = 0
WHERE rowid = (SELECT min(rowid) FROM reconciliation WHERE largest_difference > 0);

-- bodies: two of one name in the same years
UPDATE bodies SET name = (SELECT name FROM bodies WHERE body_id = '411202') WHERE body_id = '411203';

-- bodies: other parent
UPDATE bodies SET parent = '110000'
WHERE rowid = (SELECT min(rowid) FROM bodies WHERE parent = '411200');

-- bodies: year off by one
UPDATE bodies SET last_year = last_year + 1
WHERE rowid = (SELECT min(rowid) FROM bodies WHERE last_year IS NOT NULL);

-- successions: year off by one
UPDATE successions SET year = year + 1
WHERE rowid = (SELECT min(rowid) FROM successions WHERE kind = 'merged');

-- successions: lost succession
DELETE FROM successions
WHERE rowid = (SELECT min(rowid) FROM successions WHERE kind = 'renamed' AND body_id <> successor);

-- crosswalk: swapped indicator
UPDATE crosswalk SET indicator = 'applications.handled'
WHERE rowid = (SELECT min(rowid) FROM crosswalk WHERE indicator = 'applications.new' AND form = '2019');

-- indicators: growth adds up
UPDATE indicators SET additive = 'yes'
WHERE rowid = (SELECT min(rowid) FROM indicators WHERE additive = 'no');

-- indicators: other unit
UPDATE indicators SET unit = '元' WHERE rowid = (SELECT min(rowid) FROM indicators WHERE unit = '万元');

-- rate_terms: sign
UPDATE rate_terms SET sign = -sign WHERE rowid = (SELECT min(rowid) FROM rate_terms WHERE true);

-- regions: overlapping periods
UPDATE regions SET last_year = last_year + 1
WHERE rowid = (SELECT min(rowid) FROM regions WHERE last_year = 2009);

-- lineage: year off by one
UPDATE lineage SET year = year + 1
WHERE rowid = (SELECT min(rowid) FROM lineage WHERE kind = 'replaced');

-- identities: weaker severity
UPDATE identities SET severity = 'warning'
WHERE rowid = (SELECT min(rowid) FROM identities WHERE identity = 'app.balance');

-- contributors: report counted in another city
UPDATE contributors SET body_id = '321300'
WHERE rowid = (SELECT min(rowid) FROM contributors WHERE body_id = '411200');

-- contributors: lost report
DELETE FROM contributors WHERE rowid = (SELECT min(rowid) FROM contributors WHERE true);

-- contributors: another member
UPDATE contributors SET member = '411203'
WHERE rowid = (SELECT min(rowid) FROM contributors WHERE member = '411202');

-- observations: invented doubt
UPDATE observations SET in_doubt = 'certified', implied = value + 1
WHERE rowid = (SELECT min(rowid) FROM observations WHERE value > 1);

-- compiled: doubt not counted
UPDATE compiled SET in_doubt = in_doubt + 1
WHERE rowid = (SELECT min(rowid) FROM compiled WHERE compiled > 1);

-- compiled: member substituted that reported
UPDATE compiled SET members_substituted = members_substituted + 1, members_reported = members_reported - 1
WHERE rowid = (SELECT min(rowid) FROM compiled WHERE members_reported > 1);

-- population: line lost its number
UPDATE population SET position = position + 1 WHERE rowid = (SELECT min(rowid) FROM population);

-- norms: usual figure of another group
UPDATE norms SET usual = usual + 1 WHERE rowid = (SELECT min(rowid) FROM norms WHERE true);

-- norms: lost group size
UPDATE norms SET figures = 3 WHERE rowid = (SELECT min(rowid) FROM norms WHERE true);

-- norms: swapped quartiles
UPDATE norms SET relative_q25 = relative_q75 + 1, relative_q75 = relative_q25
WHERE rowid = (SELECT min(rowid) FROM norms WHERE relative_q25 < relative_q75);

-- norms: simulated becomes real
UPDATE norms SET is_simulated = FALSE WHERE rowid = (SELECT min(rowid) FROM norms WHERE is_simulated);

-- deadlines: the last day of another month
UPDATE deadlines SET month = 13 WHERE level = 'department' AND last_year IS NULL;

-- soft_thresholds: share instead of percent
UPDATE soft_thresholds SET value = 1 WHERE parameter = 'fence';

-- kinds: duty without a source
UPDATE kinds SET owed_source = NULL WHERE kind = 'inspection';

-- kind_rows: rate without a denominator
UPDATE kind_rows SET whole = NULL WHERE rowid = (SELECT min(rowid) FROM kind_rows WHERE whole IS NOT NULL);

-- kind_rows: other unit
UPDATE kind_rows SET unit = '件' WHERE kind = 'inspection' AND "row" = 'sites.inspected';

-- kind_lists: column lost
DELETE FROM kind_lists WHERE kind = 'inspection' AND "table" = 'problems' AND "column" = 'site';

-- kind_edits: other severity
UPDATE kind_edits SET severity = 'warning' WHERE identity = 'inspection.sites_outcome';

-- kind_reports: other quarter
UPDATE kind_reports SET quarter = 1 WHERE year = 2021 AND quarter = 2;

-- kind_reports: lost report
DELETE FROM kind_reports WHERE rowid = (SELECT min(rowid) FROM kind_reports WHERE kind = 'inspection');

-- kind_reports: simulated becomes published
UPDATE kind_reports SET provenance = 'published' WHERE rowid = (SELECT min(rowid) FROM kind_reports WHERE true);

-- kind_cells: other value
UPDATE kind_cells SET value = value + 1 WHERE rowid = (SELECT min(rowid) FROM kind_cells WHERE "row" = 'sites.failed');

-- kind_cells: all cells of a report lost
DELETE FROM kind_cells WHERE report_id = (SELECT min(report_id) FROM kind_reports WHERE kind = 'website_annual');

-- kind_cells: row that the kind lacks
UPDATE kind_cells SET "row" = 'sites.closed' WHERE rowid = (SELECT min(rowid) FROM kind_cells WHERE "row" = 'sites.failed');

-- kind_cells: unknown becomes zero
UPDATE kind_cells SET kind = 'zero' WHERE rowid = (SELECT min(rowid) FROM kind_cells WHERE "row" = 'sites.inspected');

-- kind_findings: failure becomes a pass
UPDATE kind_findings SET status = 'pass' WHERE status = 'fail' AND lhs <> rhs;

-- kind_findings: other side
UPDATE kind_findings SET lhs = lhs + 1 WHERE rowid = (SELECT min(rowid) FROM kind_findings WHERE lhs IS NOT NULL);

-- kind_derived: other value
UPDATE kind_derived SET value = value + 1 WHERE rowid = (SELECT min(rowid) FROM kind_derived WHERE true);

-- kind_proposals: other printed text
UPDATE kind_proposals SET printed_text = '7' WHERE rowid = (SELECT min(rowid) FROM kind_proposals WHERE true);

-- kind_proposals: identity that holds
UPDATE kind_proposals SET identities = ['inspection.sites_running@inspection/sites.running/own'];

-- kind_decisions: other value
UPDATE kind_decisions SET decided_value = 91;

-- kind_decisions: decision on another report
UPDATE kind_decisions SET report_id = '2021/411200-inspection-Q1.html';

-- kind_decisions: not applied, and no finding says so
UPDATE kind_decisions SET status = 'stale';

-- kind_entries: line lost
DELETE FROM kind_entries WHERE "table" = 'problems' AND line = 1;

-- kind_entries: text lost
UPDATE kind_entries SET "text" = '' WHERE rowid = (SELECT min(rowid) FROM kind_entries WHERE true);

-- kind_values: other value
UPDATE kind_values SET value = value * 2 WHERE rowid = (SELECT min(rowid) FROM kind_values WHERE value > 0);

-- kind_values: doubt lost
UPDATE kind_values SET in_doubt = FALSE;

-- kind_values: value lost
DELETE FROM kind_values WHERE rowid = (SELECT min(rowid) FROM kind_values WHERE indicator = 'sites.failed');

-- kind_years: missing quarter becomes zero
UPDATE kind_years SET value = known, missing = [] WHERE rowid = (SELECT min(rowid) FROM kind_years WHERE len(missing) > 0);

-- kind_years: mean of rates
UPDATE kind_years SET value = value + 0.01, known = known + 0.01
WHERE rowid = (SELECT min(rowid) FROM kind_years WHERE measure = 'rate' AND value IS NOT NULL);

-- kind_years: stock added up
UPDATE kind_years SET value = value * 4, known = known * 4
WHERE rowid = (SELECT min(rowid) FROM kind_years WHERE measure = 'stock' AND value IS NOT NULL);

-- kind_due: missing report counts as loaded
UPDATE kind_due SET status = 'loaded' WHERE status = 'missing';

-- kind_due: period lost
DELETE FROM kind_due WHERE rowid = (SELECT min(rowid) FROM kind_due WHERE status = 'loaded');
