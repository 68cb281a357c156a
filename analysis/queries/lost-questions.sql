-- Questions the router lost
-- Questions that the large model alone answers rightly and a routed cell does not, both of one configuration: the same large model,
-- data, limit of tokens and so on.
-- :policy, which may be a label, and :setting limit it to what they name.
SELECT cell.policy, cell.setting, routed.question, routed.gold,
    routed.extracted AS answer, alone.extracted AS llm_answer,
    round(100.0 * routed.llm_calls / nullif(routed.tokens, 0), 1) AS calls_percent, routed.finish,
    routed.id AS sample, routed.cell
FROM sample AS routed
JOIN cell ON cell.id = routed.cell
JOIN cell AS single ON single.policy = 'llm' AND single.label IS NULL
    AND single.experiment = cell.experiment
    AND json_remove(single.canonical, '$.policy', '$.slmSha256')
        = json_remove(cell.canonical, '$.policy', '$.slmSha256')
JOIN sample AS alone ON alone.cell = single.id AND alone.question = routed.question
WHERE cell.policy NOT IN ('slm', 'llm') AND routed.correct = 0 AND alone.correct = 1
    AND ifnull(nullif(:policy, ''), cell.policy) IN (cell.policy, cell.label, cell.method)
    AND ifnull(nullif(:setting, ''), cell.setting) IS cell.setting
ORDER BY cell.position, length(routed.question), routed.question;
