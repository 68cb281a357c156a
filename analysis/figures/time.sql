-- Milliseconds for each token written, by phase, at the smallest batch measured for a cell: the
-- single models and the middle setting of each policy; and of all cells together where they shared
-- one run, as those of a fused sweep do.
-- Columns: series (the phase), cell, ms a token, place of the cell, name of the cell.
WITH shown AS (
    SELECT *,
        row_number() OVER (PARTITION BY method ORDER BY position) AS number,
        count(*) OVER (PARTITION BY method) AS settings
    FROM curve
    WHERE experiment = :experiment AND (:cells IS NULL OR cell IN (SELECT value FROM json_each(:cells)))
        AND tokens > 0 AND cell IN (SELECT cell FROM timing)
),
placed AS (
    SELECT cell, tokens,
        method
            || CASE WHEN setting IS NULL THEN ''
                ELSE ' (' || CAST(round(100 * call_ratio) AS INTEGER) || ' %)' END AS name,
        row_number() OVER (
            ORDER BY CASE method WHEN 'slm' THEN 0 WHEN 'llm' THEN 1 ELSE 2 END,
                position) AS place
    FROM shown
    WHERE number = (settings + 1) / 2
),
spent AS (
    SELECT cell, batch, phase, sum(seconds) AS seconds
    FROM timing WHERE cell IS NOT NULL
    GROUP BY cell, batch, phase
),
smallest AS (SELECT cell, min(batch) AS batch FROM spent GROUP BY cell),
run AS (
    SELECT attempt.id,
        CASE json_extract(environment, '$.fused') WHEN 'no' THEN 'cell by cell' ELSE 'all, fused' END
            AS name
    FROM attempt JOIN experiment ON experiment.id = attempt.experiment
    WHERE experiment.name = :experiment
        AND (:attempts IS NULL OR attempt.id IN (SELECT value FROM json_each(:attempts)))
),
written AS (
    SELECT name, sum(sample.tokens) AS tokens
    FROM run JOIN sample ON sample.attempt = run.id
    GROUP BY name
),
shared AS (
    SELECT phase, name, 1000 * sum(seconds) / written.tokens AS y
    FROM timing
    JOIN run ON run.id = timing.attempt
    JOIN written USING (name)
    WHERE cell IS NULL AND written.tokens > 0
    GROUP BY phase, name
),
bars AS (
    SELECT phase, cell AS x, 1000 * seconds / tokens AS y, place, name
    FROM placed
    JOIN smallest USING (cell)
    JOIN spent USING (cell, batch)
    UNION ALL
    SELECT phase, 0, y,
        (SELECT count(*) FROM placed JOIN smallest USING (cell))
            + dense_rank() OVER (ORDER BY name),
        name
    FROM shared
)
SELECT replace(phase, '_', ' ') AS series, x, y, place, name
FROM bars
ORDER BY CASE phase
        WHEN 'slm_prefill' THEN 0 WHEN 'slm_step' THEN 1 WHEN 'router' THEN 2
        WHEN 'llm_catch_up' THEN 3 WHEN 'llm_step' THEN 4 WHEN 'sampling' THEN 5
        WHEN 'tokenizing' THEN 6 WHEN 'logging' THEN 7 ELSE 8 END,
    series, place;
