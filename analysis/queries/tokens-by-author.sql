-- Which tokens go to the LLM most
-- Tokens by the share of their occurrences that the large model wrote; at least 20 occurrences. The single models, which never choose,
-- are left out.
-- :policy, which may be a label, and :setting limit it to what they name.
WITH total AS (
    SELECT cell.vocabulary, decision.token_id, count(*) AS written, sum(decision.route) AS by_llm,
        avg(decision.score / 1e6) AS mean_score
    FROM cell
    JOIN sample ON sample.cell = cell.id
    JOIN decision ON decision.sample = sample.id
    WHERE cell.policy NOT IN ('slm', 'llm')
        AND ifnull(nullif(:policy, ''), cell.policy) IN (cell.policy, cell.label, cell.method)
        AND ifnull(nullif(:setting, ''), cell.setting) IS cell.setting
    GROUP BY cell.vocabulary, decision.token_id
    HAVING count(*) >= 20
)
SELECT piece.text, total.token_id, total.written, total.by_llm,
    round(100.0 * total.by_llm / total.written, 1) AS llm_percent,
    round(total.mean_score, 4) AS mean_score
FROM total
LEFT JOIN piece ON piece.vocabulary = total.vocabulary AND piece.token_id = total.token_id
ORDER BY llm_percent DESC, total.written DESC, total.token_id
LIMIT 200;
