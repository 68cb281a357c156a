-- Questions the router lost
-- Questions that the large model alone answers rightly and a routed cell does not, both of one configuration: the same large model,
-- data, limit of tokens and so on.
-- :cell limits it to one cell.
SELECT routed.cell, cell.policy, cell.setting, routed.question, routed.gold,
    routed.extracted AS answer, alone.extracted AS llm_answer,
    round(100.0 * routed.llm_calls / routed.tokens, 1) AS call_percent, routed.finish
FROM sample AS routed
JOIN cell ON cell.id = routed.cell
JOIN cell AS single ON single.policy = 'llm' AND single.label IS NULL
    AND single.experiment = cell.experiment
    AND json_remove(single.canonical, '$.policy', '$.slmSha256')
        = json_remove(cell.canonical, '$.policy', '$.slmSha256')
JOIN sample AS alone ON alone.cell = single.id AND alone.question = routed.question
WHERE routed.cell = ifnull(nullif(:cell, ''), routed.cell)
    AND cell.policy NOT IN ('slm', 'llm') AND routed.correct = 0 AND alone.correct = 1
ORDER BY cell.position, length(routed.question), routed.question;
