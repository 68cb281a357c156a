-- Accuracy against the tokens that a pass of the large model brings, where some passes verify drafts.
-- Columns of every accuracy figure: series, kind, x, accuracy, low, high, the series' number among
-- those of its kind. The line between the single models comes first, then curves, then points.
WITH point AS (
    SELECT method AS series, setting, position,
        1.0 * tokens / llm_passes AS x,
        100 * accuracy AS y, 100 * accuracy_low AS low, 100 * accuracy_high AS high
    FROM curve
    WHERE experiment = :experiment AND (:cells IS NULL OR cell IN (SELECT value FROM json_each(:cells)))
        AND accuracy IS NOT NULL AND llm_passes > 0
        AND EXISTS (SELECT 1 FROM curve WHERE experiment = :experiment AND keep IS NOT NULL)
),
placed AS (
    SELECT *, min(position) OVER (PARTITION BY series)
        - CASE series WHEN 'slm' THEN 2e9 WHEN 'llm' THEN 1e9 ELSE 0 END AS place
    FROM point
),
block AS (
    SELECT '' AS series, 'line' AS kind, x, y, low, high, 1 AS number
    FROM placed WHERE series IN ('slm', 'llm')
    UNION ALL
    SELECT series, 'curve', x, y, low, high, dense_rank() OVER (ORDER BY place)
    FROM placed WHERE setting IS NOT NULL
    UNION ALL
    SELECT series, 'point', x, y, low, high, dense_rank() OVER (ORDER BY place)
    FROM placed WHERE setting IS NULL
)
SELECT * FROM block
ORDER BY CASE kind WHEN 'line' THEN 0 WHEN 'curve' THEN 1 ELSE 2 END, number, x;
