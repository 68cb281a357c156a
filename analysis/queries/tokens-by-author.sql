-- Which tokens go to the LLM most
-- Tokens by the share of their occurrences that the large model wrote; at least 20 occurrences.
-- :cell limits it to one cell; the single models, which never choose, are left out.
SELECT text, token_id, count(*) AS written, sum(route = 'llm') AS by_llm,
    round(100.0 * sum(route = 'llm') / count(*), 1) AS llm_percent,
    round(avg(score), 4) AS mean_score
FROM token
WHERE cell = ifnull(nullif(:cell, ''), cell) AND policy NOT IN ('slm', 'llm')
GROUP BY token_id, text
HAVING count(*) >= 20
ORDER BY llm_percent DESC, written DESC, token_id
LIMIT 200;
