-- Decisions near the threshold
-- The tokens whose score was closest to the policy's threshold, that is, the closest calls.
-- :policy, which may be a label, :setting and :question limit it to what they name.
WITH near AS (
    SELECT decision.sample, decision.position, abs(decision.score / 1e6 - cell.threshold) AS distance
    FROM cell
    JOIN sample ON sample.cell = cell.id
    JOIN decision ON decision.sample = sample.id
    WHERE cell.threshold IS NOT NULL AND decision.score IS NOT NULL
        AND ifnull(nullif(:policy, ''), cell.policy) IN (cell.policy, cell.label, cell.method)
        AND ifnull(nullif(:setting, ''), cell.setting) IS cell.setting
        AND ifnull(nullif(:question, ''), sample.question) = sample.question
    ORDER BY distance, cell.id, length(sample.question), sample.question, decision.position
    LIMIT 200
)
SELECT token.policy, token.setting, token.question, token.position, token.text, token.route,
    round(token.score, 4) AS score, round(token.threshold, 4) AS threshold,
    round(near.distance, 6) AS distance, token.slm_text, token.llm_text,
    CASE token.correct WHEN 1 THEN 'right' WHEN 0 THEN 'wrong' END AS correct,
    token.sample, token.cell
FROM near
JOIN token ON token.sample = near.sample AND token.position = near.position
ORDER BY near.distance, token.cell, length(token.question), token.question, token.position;
