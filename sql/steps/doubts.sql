-- One row per report and cell in doubt: a cell of an open proposal, or of a failed identity that no proposal explains,
-- or a cell that an unresolved proposal may change: totals that were computed from a wrong number agree with it.
-- An identity that a person confirmed as printed speaks against no cell. The levels are in the order of the alphabet, from the most to the least certain.
WITH located AS (
    SELECT report_id, cell, level AS in_doubt, implied, identities
    FROM proposals
    WHERE status = 'open' AND level <> 'unresolved'
),

explained AS (
    SELECT DISTINCT report_id, unnest(identities) AS identity_and_place FROM located
),

unresolved AS (
    SELECT f.report_id, unnest(f.cells) AS cell
    FROM findings AS f
    LEFT JOIN explained AS e ON e.report_id = f.report_id AND e.identity_and_place = concat(f.identity, '@', f."place")
    WHERE
        f.status = 'fail'
        AND f.severity = 'error'
        AND (f.answer IS NULL OR f.answer <> 'confirmed')
        AND e.report_id IS NULL
    UNION
    SELECT report_id, unnest(suspects) AS cell
    FROM proposals
    WHERE status = 'open' AND level = 'unresolved'
),

cells_in_doubt AS (
    SELECT report_id, cell, in_doubt, implied FROM located
    UNION ALL
    SELECT u.report_id, u.cell, 'unresolved', NULL
    FROM unresolved AS u
    LEFT JOIN located AS l ON l.report_id = u.report_id AND l.cell = u.cell
    WHERE l.cell IS NULL
)

SELECT c.report_id, c.cell, c.in_doubt, c.implied
FROM cells_in_doubt AS c
LEFT JOIN decisions AS d ON d.report_id = c.report_id AND d.cell = c.cell AND d.status = 'applied'
WHERE d.cell IS NULL
