-- Cells
-- Accuracy and cost of every cell, sums over its finished questions. Only cells of one pair, limit of tokens, state of the data and so
-- on are comparable: the columns after the costs tell them apart.
SELECT curve.*, small.name AS slm, large.name AS llm,
    json_extract(one.canonical, '$.generation.maxTokens') AS max_tokens,
    substr(json_extract(one.canonical, '$.task.dataSha256'), 1, 8) AS data,
    json_extract(one.canonical, '$.task.prompt') AS prompt,
    json_extract(one.canonical, '$.decoder') AS decoder,
    substr(json_extract(one.canonical, '$.policy.routerSha256'), 1, 8) AS router
FROM curve
JOIN cell AS one ON one.id = curve.cell
LEFT JOIN model AS small ON small.sha256 = json_extract(one.canonical, '$.slmSha256')
LEFT JOIN model AS large ON large.sha256 = json_extract(one.canonical, '$.llmSha256')
ORDER BY curve.experiment, max_tokens, CASE curve.policy WHEN 'slm' THEN 0 WHEN 'llm' THEN 1 ELSE 2 END,
    curve.position;
