-- Whether a score tells the positions that matter: of the tokens for which both models were asked,
-- how often they wanted the same one, by tenths of the policy's scores, its settings pooled.
-- Columns: series, score by rank from 0 to 1, agreement in percent, tokens.
WITH asked AS (
    SELECT ifnull(cell.label, cell.policy) AS series, cell.position AS place, decision.score,
        ifnull(decision.slm_token, decision.token_id)
            = ifnull(decision.llm_token, decision.token_id) AS agree
    FROM decision
    JOIN sample ON sample.id = decision.sample
    JOIN cell ON cell.id = sample.cell
    JOIN experiment ON experiment.id = cell.experiment
    WHERE experiment.name = :experiment
        AND (:cells IS NULL OR cell.id IN (SELECT value FROM json_each(:cells)))
        AND decision.score IS NOT NULL
        AND (decision.slm_token IS NOT NULL OR decision.slm_logprob IS NOT NULL)
        AND (decision.llm_token IS NOT NULL OR decision.llm_logprob IS NOT NULL)
),
binned AS (
    SELECT series, min(place) OVER (PARTITION BY series) AS place, agree,
        ntile(10) OVER (PARTITION BY series ORDER BY score) AS bin
    FROM asked
)
SELECT series, (bin - 0.5) / 10 AS x, 100.0 * avg(agree) AS y, count(*) AS tokens
FROM binned
GROUP BY series, bin
ORDER BY min(place), series, bin;
