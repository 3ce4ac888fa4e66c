-- One row per report whose prose gives the share of the normative documents issued that it disclosed: the tables give
-- the same share, to the printed decimals.
WITH printed_shares AS (
    SELECT report_id, value, min(raw) AS raw, length(regexp_extract(min(raw), '[.]([0-9]+)[%％]', 1)) AS decimals
    FROM figures
    WHERE "row" = 'disclosed.normative_documents_share' AND scope = 'whole'
    GROUP BY report_id, value
),

documents AS (
    SELECT
        r.report_id, r.provenance,
        bool_or(c."table" = 'statistics') AS is_statistics,
        max(CASE WHEN c."column" = 'issued' OR c."row" = 'disclosed.normative_documents_issued' THEN c.value END) AS issued,
        max(CASE WHEN c."column" = 'disclosed' OR c."row" = 'disclosed.normative_documents' THEN c.value END) AS disclosed
    FROM reports AS r
    INNER JOIN edited AS c ON c.report_id = r.report_id
    WHERE
        (c."table" = 'proactive' AND c."row" = 'normative_documents')
        OR (c."table" = 'statistics' AND c."row" IN ('disclosed.normative_documents_issued', 'disclosed.normative_documents'))
    GROUP BY r.report_id, r.provenance
)

SELECT
    s.report_id,
    'narrative.share' AS identity,
    'narrative/disclosed.normative_documents_share/value' AS place,
    CASE
        WHEN d.disclosed IS NULL OR d.issued IS NULL OR d.issued = 0 THEN 'unknown'
        WHEN abs(100e0 * d.disclosed / d.issued - s.value) <= 0.5 / power(10, s.decimals) + 1e-9 THEN 'pass'
        ELSE 'fail'
    END AS status,
    s.value AS lhs,
    CASE WHEN d.issued > 0 THEN CAST(round(100e0 * d.disclosed / d.issued, 2) AS DECIMAL(18, 6)) END AS rhs,
    'warning' AS severity,
    CASE
        WHEN d.is_statistics THEN 'statistics/disclosed.normative_documents/value statistics/disclosed.normative_documents_issued/value'
        ELSE 'proactive/normative_documents/disclosed proactive/normative_documents/issued'
    END AS cells,
    s.raw AS note,
    d.provenance
FROM printed_shares AS s
INNER JOIN documents AS d ON d.report_id = s.report_id
