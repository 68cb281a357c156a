-- Milliseconds for each token written, by phase, at the smallest batch measured for a cell: the
-- single models and the middle setting of each policy.
-- Columns: series (the phase), cell, ms a token, place of the cell, name of the cell.
WITH shown AS (
    SELECT *,
        row_number() OVER (PARTITION BY ifnull(label, policy) ORDER BY position) AS number,
        count(*) OVER (PARTITION BY ifnull(label, policy)) AS settings
    FROM curve
    WHERE experiment = :experiment AND tokens > 0 AND cell IN (SELECT cell FROM timing)
),
placed AS (
    SELECT cell, tokens,
        ifnull(label, policy)
            || CASE WHEN setting IS NULL THEN ''
                ELSE ' (' || CAST(round(100 * call_ratio) AS INTEGER) || ' %)' END AS name,
        row_number() OVER (
            ORDER BY CASE ifnull(label, policy) WHEN 'slm' THEN 0 WHEN 'llm' THEN 1 ELSE 2 END,
                position) AS place
    FROM shown
    WHERE number = (settings + 1) / 2
),
spent AS (
    SELECT cell, batch, phase, sum(seconds) AS seconds
    FROM timing WHERE cell IS NOT NULL
    GROUP BY cell, batch, phase
),
smallest AS (SELECT cell, min(batch) AS batch FROM spent GROUP BY cell)
SELECT replace(phase, '_', ' ') AS series, cell AS x, 1000 * seconds / tokens AS y, place, name
FROM placed
JOIN smallest USING (cell)
JOIN spent USING (cell, batch)
ORDER BY CASE phase
        WHEN 'slm_prefill' THEN 0 WHEN 'slm_step' THEN 1 WHEN 'router' THEN 2
        WHEN 'llm_catch_up' THEN 3 WHEN 'llm_step' THEN 4 WHEN 'sampling' THEN 5
        WHEN 'tokenizing' THEN 6 WHEN 'logging' THEN 7 ELSE 8 END,
    series, place;
