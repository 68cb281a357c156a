-- Where the models disagree
-- Calls in which the large model wanted another token than the small one, those of which it was
-- surest first. Log-probabilities are natural.
-- :cell limits it to one cell.
SELECT cell, policy, setting, question, position, slm_text, slm_logprob, llm_text, llm_logprob,
    score, threshold, correct
FROM token
WHERE cell = ifnull(nullif(:cell, ''), cell) AND llm_token <> slm_token
ORDER BY llm_logprob DESC, cell, length(question), question, position
LIMIT 200;
