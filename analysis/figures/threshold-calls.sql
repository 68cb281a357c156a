-- The share of tokens that the large model writes at each threshold. Thresholds of different
-- scores have different units, so the axis is the place among a policy's thresholds.
-- Columns: series, place from 0 to 1, call ratio in percent, threshold.
SELECT method AS series,
    ifnull(percent_rank() OVER (PARTITION BY method ORDER BY threshold), 0) AS x,
    100 * call_ratio AS y, threshold
FROM curve
WHERE experiment = :experiment AND (:cells IS NULL OR cell IN (SELECT value FROM json_each(:cells)))
    AND threshold IS NOT NULL AND call_ratio IS NOT NULL
ORDER BY min(position) OVER (PARTITION BY method), series, threshold;
