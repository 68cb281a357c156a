-- Every row of a results database that two runs of one spec must share, one line of text each: no
-- row numbers, no times, no attempts. Two databases hold the same results if these lines are equal.
SELECT 'experiment|' || quote(name) || '|' || quote(question) || '|' || quote(seed) AS line
FROM experiment
UNION ALL
SELECT 'model|' || quote(sha256) || '|' || quote(architecture) || '|' || quote(parameters)
    || '|' || quote(file_bytes)
FROM model
UNION ALL
SELECT 'dataset|' || quote(name) || '|' || quote(split) || '|' || quote(sha256) || '|' || rows
FROM dataset
UNION ALL
SELECT 'question|' || dataset.sha256 || '|' || quote(question.name) || '|' || quote(question.text)
FROM question JOIN dataset ON dataset.id = question.dataset
UNION ALL
SELECT 'piece|' || vocabulary.sha256 || '|' || token_id || '|' || quote(CAST(text AS BLOB))
    || '|' || quote(bytes)
FROM piece JOIN vocabulary ON vocabulary.id = piece.vocabulary
UNION ALL
SELECT 'cell|' || cell.key || '|' || experiment.name || '|' || cell.policy || '|'
    || quote(cell.setting) || '|' || quote(cell.threshold) || '|' || quote(cell.label) || '|'
    || cell.position || '|' || quote(small.sha256) || '|' || quote(large.sha256) || '|'
    || quote(router.sha256) || '|' || quote(cell.keep) || '|' || quote(cell.method) || '|'
    || quote(judge.sha256) || '|' || quote(dataset.sha256) || '|' || quote(vocabulary.sha256)
    || '|' || quote(cell.canonical)
FROM cell
JOIN experiment ON experiment.id = cell.experiment
LEFT JOIN model AS small ON small.id = cell.slm
LEFT JOIN model AS large ON large.id = cell.llm
LEFT JOIN router ON router.id = cell.router
LEFT JOIN router AS judge ON judge.id = cell.judge
LEFT JOIN dataset ON dataset.id = cell.dataset
LEFT JOIN vocabulary ON vocabulary.id = cell.vocabulary
UNION ALL
SELECT 'sample|' || cell.key || '|' || quote(question) || '|' || finish || '|' || quote(correct)
    || '|' || quote(score) || '|' || quote(grader_version) || '|' || quote(prompt_tokens) || '|'
    || quote(tokens) || '|' || quote(llm_calls) || '|' || quote(llm_passes) || '|'
    || quote(drafted) || '|'
    || quote(slm_processed) || '|' || quote(llm_processed) || '|' || quote(flops) || '|'
    || quote(bytes) || '|' || quote(rule) || '|' || quote(extracted) || '|' || quote(gold) || '|'
    || quote(error) || '|' || quote(CAST(output AS BLOB))
FROM sample JOIN cell ON cell.id = sample.cell
UNION ALL
SELECT 'decision|' || cell.key || '|' || quote(sample.question) || '|' || decision.position || '|'
    || token_id || '|' || route || '|' || quote(decision.score) || '|' || quote(slm_token) || '|'
    || quote(slm_logprob) || '|' || quote(llm_token) || '|' || quote(llm_logprob)
FROM decision JOIN sample ON sample.id = decision.sample JOIN cell ON cell.id = sample.cell
ORDER BY 1;
