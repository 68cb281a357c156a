-- Where the models disagree
-- Calls in which the large model wanted another token than the small one, those of which it was
-- surest first, with the probability that each gave its own token.
-- :policy, which may be a label, :setting and :question limit it to what they name.
WITH apart AS (
    SELECT decision.sample, decision.position, decision.llm_logprob AS sure
    FROM cell
    JOIN sample ON sample.cell = cell.id
    JOIN decision ON decision.sample = sample.id
    WHERE decision.slm_logprob IS NOT NULL AND decision.llm_logprob IS NOT NULL
        AND ifnull(decision.slm_token, decision.token_id)
            <> ifnull(decision.llm_token, decision.token_id)
        AND ifnull(nullif(:policy, ''), cell.policy) IN (cell.policy, cell.label, cell.method)
        AND ifnull(nullif(:setting, ''), cell.setting) IS cell.setting
        AND ifnull(nullif(:question, ''), sample.question) = sample.question
    ORDER BY sure DESC, cell.id, length(sample.question), sample.question, decision.position
    LIMIT 200
)
SELECT token.policy, token.setting, token.question, token.position, token.slm_text,
    round(100 * exp(token.slm_logprob), 1) AS slm_percent, token.llm_text,
    round(100 * exp(token.llm_logprob), 1) AS llm_percent, round(token.score, 4) AS score,
    round(token.threshold, 4) AS threshold,
    CASE token.correct WHEN 1 THEN 'right' WHEN 0 THEN 'wrong' END AS correct, token.sample, token.cell
FROM apart
JOIN token ON token.sample = apart.sample AND token.position = apart.position
ORDER BY apart.sure DESC, token.cell, length(token.question), token.question, token.position;
