-- One row per cell, or figure of the prose, that prints plain digits and has another value, apart from its unit.
-- Severity: error.
-- Within one body.
-- A page may give another unit than the form: 元, 千元 or 百万元 for 万元, 万件 for 件. Then the value is a power of ten
-- of the digits.
WITH printed AS (
    SELECT report_id, concat("table", '/', "row", '/', "column") AS place, raw, value, TRUE AS may_convert
    FROM cells
    UNION ALL
    SELECT report_id, concat('narrative/', "row", '/', paragraph, '/', start), raw, value, FALSE FROM figures
),

-- Only CASE keeps DuckDB from converting 11件 before the pattern has left it out.
digits AS (
    SELECT
        report_id, place, raw, value, may_convert,
        CASE
            WHEN regexp_full_match(trim(raw), '-?[0-9]{1,3}(,[0-9]{3})*([.][0-9]{1,6})?|-?[0-9]{1,11}([.][0-9]{1,6})?')
                THEN CAST(replace(trim(raw), ',', '') AS DECIMAL(18, 6))
        END AS number
    FROM printed
    WHERE value IS NOT NULL
)

SELECT report_id, place, raw, value
FROM digits
WHERE
    value <> number
    AND NOT (
        may_convert
        AND round(100e0 * value / nullif(number, 0), 6) IN (0.01, 0.1, 10, 1000, 10000, 100000, 1000000)
    )
