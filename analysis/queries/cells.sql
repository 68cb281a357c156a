-- Cells
-- Accuracy and cost of every cell, means over its finished questions. Only cells of one pair, limit of tokens, state of the data and so
-- on are comparable: the last columns tell them apart. Unrounded sums are in the view curve.
-- :policy, which may be a label, and :setting limit it to what they name.
SELECT curve.experiment, curve.policy, curve.setting, curve.label, curve.n AS questions,
    round(100 * curve.accuracy, 1) AS accuracy_percent,
    round(100 * curve.accuracy_low, 1) AS accuracy_low_percent,
    round(100 * curve.accuracy_high, 1) AS accuracy_high_percent,
    round(100 * curve.score, 1) AS score_percent,
    round(100 * curve.call_ratio, 1) AS calls_percent,
    round(1.0 * curve.tokens / nullif(curve.n, 0), 1) AS tokens_per_answer,
    round(1.0 * curve.llm_passes / nullif(curve.n, 0), 1) AS passes_per_answer,
    round(curve.flops / nullif(curve.n, 0) / 1e9, 1) AS gflop_per_answer,
    round(curve.bytes / nullif(curve.n, 0) / 1e9, 1) AS gb_per_answer,
    round(curve.seconds_mean, 2) AS seconds_per_answer, curve.failed, curve.no_answer,
    small.name AS slm, large.name AS llm,
    json_extract(one.canonical, '$.generation.maxTokens') AS max_tokens,
    substr(json_extract(one.canonical, '$.task.dataSha256'), 1, 8) AS data,
    json_extract(one.canonical, '$.task.prompt') AS prompt,
    json_extract(one.canonical, '$.decoder') AS decoder,
    substr(json_extract(one.canonical, '$.policy.routerSha256'), 1, 8) AS router, curve.cell
FROM curve
JOIN cell AS one ON one.id = curve.cell
LEFT JOIN model AS small ON small.sha256 = json_extract(one.canonical, '$.slmSha256')
LEFT JOIN model AS large ON large.sha256 = json_extract(one.canonical, '$.llmSha256')
WHERE ifnull(nullif(:policy, ''), one.policy) IN (one.policy, one.label, one.method)
    AND ifnull(nullif(:setting, ''), one.setting) IS one.setting
ORDER BY curve.experiment, max_tokens, CASE curve.policy WHEN 'slm' THEN 0 WHEN 'llm' THEN 1 ELSE 2 END,
    curve.position, curve.key;
