-- Corruptions by an analyst who had read the tables and the views, but not the assertions.

-- observations: doubt of the same cell of another report
UPDATE observations SET in_doubt = p.level, implied = p.implied FROM proposals AS p
WHERE p.rowid = (SELECT min(rowid) FROM proposals WHERE status = 'open' AND implied IS NOT NULL AND cell LIKE 'applications/%')
    AND observations.cell = p.cell AND observations.in_doubt IS NULL;

-- observations: implied values of uncertain proposals dropped
UPDATE observations SET implied = NULL WHERE in_doubt IN ('explained', 'located');

-- compiled: implied value of a doubt that is not certified
UPDATE compiled SET implied = compiled.compiled + o.implied - o.value FROM observations AS o
WHERE o.total_id = compiled.total_id AND compiled.in_doubt = 1 AND o.in_doubt IN ('explained', 'located')
    AND o.implied IS NOT NULL;

-- contributors: member is the body that reported
UPDATE contributors SET member = contributor WHERE member <> contributor;

-- due: nothing existed before the first year of the data
UPDATE due SET existed_before = FALSE WHERE year = (SELECT min(year) FROM due);

-- growth: implied growth is the published one
UPDATE growth SET implied_growth = growth_percent WHERE in_doubt > 0 AND growth_percent IS NOT NULL AND implied_growth IS NULL;

-- growth: two forms called comparable
UPDATE growth SET comparable = TRUE, note = NULL WHERE prior_basis = 'series_broken';

-- rates: doubts lost
UPDATE rates SET in_doubt = 0 WHERE basis = 'reported';

-- percentiles: bodies with less, without those with the same
UPDATE percentiles SET percentile = round(100e0 * (t.n - t.place - t.ties + 1) / t.n, 4) FROM (
    SELECT body_id, year, measure, peer_group, n, place,
        count(*) OVER (PARTITION BY year, measure, peer_group, value) AS ties
    FROM percentiles
) AS t
WHERE t.body_id = percentiles.body_id AND t.year = percentiles.year AND t.measure = percentiles.measure
    AND t.peer_group = percentiles.peer_group AND percentiles.percentile IS NOT NULL;

-- bodies: functions of two departments exchanged
UPDATE bodies SET function = o.function FROM (
    SELECT a.body_id, b.function
    FROM (SELECT body_id, function FROM bodies WHERE function IS NOT NULL ORDER BY position LIMIT 1) AS a
    CROSS JOIN (SELECT function FROM bodies WHERE function IS NOT NULL ORDER BY position DESC LIMIT 1) AS b
) AS o
WHERE bodies.body_id = o.body_id AND bodies.function <> o.function;

-- bodies: city of a department is its province
UPDATE bodies SET city = province WHERE level = 'department' AND city IS NOT NULL AND province IS NOT NULL;

-- observations: region code of the parent
UPDATE observations SET region_code = p.region_code FROM bodies AS b INNER JOIN bodies AS p ON p.body_id = b.parent
WHERE b.body_id = observations.body_id AND b.level = 'county';

-- carry: provenance mixed with a year without a report
UPDATE carry SET provenance = 'mixed' WHERE carried_out_before IS NULL;

-- headline: doubts of the growth are those of one year
UPDATE headline SET growth_in_doubt = in_doubt WHERE growth_in_doubt <> in_doubt;
