-- Decisions near the threshold
-- The tokens whose score was closest to the policy's threshold, that is, the closest calls.
-- :cell limits it to one cell.
SELECT cell, policy, setting, question, position, text, route, score, threshold,
    round(abs(score - threshold), 6) AS distance, slm_text, llm_text, correct
FROM token
WHERE cell = ifnull(nullif(:cell, ''), cell) AND score IS NOT NULL AND threshold IS NOT NULL
ORDER BY distance, cell, length(question), question, position
LIMIT 200;
