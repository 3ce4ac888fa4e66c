-- One row per body: a hash of the rows that its pages show. The row of body `*` has the registers that all pages share.
WITH hashes_by_report AS (
    SELECT report_id, hash(t) AS row_hash FROM cells AS t
    UNION ALL
    SELECT report_id, hash(t) FROM figures AS t
    UNION ALL
    SELECT report_id, hash(t) FROM findings AS t
    UNION ALL
    SELECT report_id, hash(t) FROM proposals AS t
    UNION ALL
    SELECT report_id, hash(t) FROM derived AS t
    UNION ALL
    SELECT report_id, hash(t) FROM decisions AS t
),

hashes AS (
    SELECT body_id, hash(t) AS row_hash FROM bodies AS t
    UNION ALL
    SELECT body_id, hash(t) FROM reports AS t
    UNION ALL
    SELECT body_id, hash(t) FROM due AS t
    UNION ALL
    SELECT body_id, hash(t) FROM observations AS t
    UNION ALL
    SELECT body_id, hash(t) FROM compiled AS t
    UNION ALL
    SELECT body_id, hash(t) FROM growth AS t
    UNION ALL
    SELECT body_id, hash(t) FROM rates AS t
    UNION ALL
    SELECT r.body_id, h.row_hash
    FROM hashes_by_report AS h
    INNER JOIN reports AS r ON r.report_id = h.report_id
    UNION ALL
    SELECT '*', hash(t) FROM indicators AS t
    UNION ALL
    SELECT '*', hash(t) FROM deadlines AS t
)

SELECT body_id, sum(row_hash) AS hash
FROM hashes
GROUP BY body_id
