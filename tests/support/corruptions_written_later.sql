-- Corruptions that were written after the assertions, as mistakes that touch many rows or several tables.

-- observations: figures of two bodies exchanged
UPDATE observations SET body_id = CASE body_id WHEN '411202' THEN '411203' ELSE '411202' END
WHERE body_id IN ('411202', '411203') AND year = 2019;

-- compiled: doubled in all marts
UPDATE compiled SET compiled = 2 * compiled, difference = 2 * compiled - reported
WHERE indicator = 'applications.new' AND applicant = 'total' AND compiled > 1;
UPDATE headline SET compiled = 2 * compiled, difference = 2 * compiled - reported
WHERE indicator = 'applications.new';
UPDATE growth SET value = 2 * value
WHERE basis = 'compiled' AND indicator = 'applications.new' AND applicant = 'total';

-- cells: amounts rounded before they are counted
UPDATE cells SET value = round(value) WHERE unit = '万元';
UPDATE observations SET value = round(value) WHERE unit = '万元';

-- growth: prior of another applicant
UPDATE growth SET prior = t.prior, change = growth.value - t.prior, growth_percent = CASE WHEN t.prior > 0 THEN round(100e0 * (growth.value - t.prior) / t.prior, 4) END FROM growth AS t
WHERE t.body_id = growth.body_id AND t.basis = growth.basis AND t.year = growth.year AND t.indicator = growth.indicator AND t.applicant = 'total' AND growth.applicant = 'business' AND growth.prior_basis = 'same' AND t.prior_basis = 'same';

-- carry: gap to the same year
UPDATE carry SET carried_out_before = carried_out, gap = carried_in - carried_out
WHERE carried_out_before IS NOT NULL;

-- rates: compiled rate is the mean of the members
UPDATE rates SET percent = (SELECT round(avg(m.percent), 4) FROM rates AS m
WHERE m.basis = 'reported' AND m.rate = rates.rate AND m.year = rates.year) WHERE basis = 'compiled' AND percent IS NOT NULL;

-- percentiles: provinces ranked with the cities
UPDATE percentiles SET peer_group = '41/county' WHERE peer_group = '411200/county';

-- cells: two columns exchanged in all tables
UPDATE cells SET "column" = CASE "column" WHEN 'business' THEN 'research' ELSE 'business' END
WHERE "column" IN ('business', 'research');
UPDATE observations SET applicant = CASE applicant WHEN 'business' THEN 'research' ELSE 'business' END, cell = replace(replace(replace(cell, '/business', '/@'), '/research', '/business'), '/@', '/research')
WHERE applicant IN ('business', 'research');

-- reports: content hashes of two reports exchanged
UPDATE reports SET sha256 = o.sha256, recorded_sha256 = o.recorded_sha256 FROM reports AS o
WHERE reports.report_id IN ('2019/411202.html', '2019/411203.txt') AND o.report_id IN ('2019/411202.html', '2019/411203.txt') AND o.report_id <> reports.report_id;

-- identities: another equation
UPDATE identities SET equation = 'new = handled + carried_out' WHERE identity = 'app.balance';

-- findings: a whole check passes
UPDATE findings SET status = 'pass', difference = 0, rhs = lhs WHERE identity = 'city.compile';

-- due: quarantined report not linked
UPDATE due SET report_id = NULL, status = 'absent', provenance = NULL
WHERE status = 'quarantined';
