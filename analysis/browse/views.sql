-- Views for reading, with names, percentages and rounded numbers, made in the copy that is browsed and never in a results file.
-- Costs are per answer where the column says so; giga is 10^9.

-- What a cell is called wherever it is referred to.
ALTER TABLE cell ADD COLUMN name TEXT
    GENERATED ALWAYS AS (coalesce(label, policy) || coalesce(' ' || setting, '')) VIRTUAL;

CREATE VIEW overview AS
SELECT
    curve.policy AS policy,
    curve.setting AS setting,
    curve.label AS label,
    dataset.name || ' ' || dataset.split AS data,
    curve.n AS questions,
    round(100 * curve.accuracy, 1) AS accuracy_percent,
    round(100 * curve.accuracy_low, 1) AS accuracy_low_percent,
    round(100 * curve.accuracy_high, 1) AS accuracy_high_percent,
    round(100 * curve.score, 1) AS score_percent,
    round(100 * curve.call_ratio, 1) AS calls_percent,
    round(1.0 * curve.tokens / nullif(curve.n, 0), 1) AS tokens_per_answer,
    round(1.0 * curve.llm_passes / nullif(curve.n, 0), 1) AS passes_per_answer,
    round(1.0 * curve.tokens / nullif(curve.llm_passes, 0), 2) AS tokens_per_pass,
    round(curve.flops / nullif(curve.n, 0) / 1e9, 1) AS gflop_per_answer,
    round(curve.bytes / nullif(curve.n, 0) / 1e9, 1) AS gb_per_answer,
    round(curve.seconds_mean, 2) AS seconds_per_answer,
    round(curve.joules_mean, 1) AS joules_per_answer,
    curve.no_answer AS no_answer,
    curve.failed AS failed,
    small.name AS slm,
    large.name AS llm,
    curve.cell AS cell
FROM curve
JOIN cell ON cell.id = curve.cell
LEFT JOIN dataset ON dataset.id = cell.dataset
LEFT JOIN model AS small ON small.id = cell.slm
LEFT JOIN model AS large ON large.id = cell.llm
ORDER BY curve.experiment, dataset.id, CASE curve.policy WHEN 'slm' THEN 0 WHEN 'llm' THEN 1 ELSE 2 END,
    curve.position, curve.key;

CREATE VIEW answers AS
SELECT
    cell.policy AS policy,
    cell.setting AS setting,
    cell.label AS label,
    sample.question AS question,
    CASE WHEN sample.error IS NOT NULL THEN 'failed' WHEN sample.correct THEN 'right'
        WHEN sample.correct = 0 THEN 'wrong' END AS correct,
    round(100 * sample.score, 1) AS score_percent,
    sample.extracted AS answer,
    sample.gold AS gold,
    sample.rule AS rule,
    sample.finish AS finish,
    round(100.0 * sample.llm_calls / nullif(sample.tokens, 0), 1) AS calls_percent,
    sample.tokens AS tokens,
    sample.llm_passes AS llm_passes,
    round(sample.flops / 1e9, 1) AS gflop,
    round(sample.bytes / 1e9, 1) AS gb,
    round(sample.seconds, 2) AS seconds,
    round(sample.joules, 1) AS joules,
    sample.output AS output,
    question.text AS asked,
    sample.error AS error,
    dataset.name || ' ' || dataset.split AS data,
    sample.id AS sample,
    sample.cell AS cell
FROM sample
JOIN cell ON cell.id = sample.cell
LEFT JOIN dataset ON dataset.id = cell.dataset
LEFT JOIN question ON question.dataset = cell.dataset AND question.name = sample.question;

-- Texts are looked up, not joined: counting millions of rows, or their routes, then needs none of them.
CREATE VIEW routing AS
SELECT
    cell.policy AS policy,
    cell.setting AS setting,
    cell.label AS label,
    sample.question AS question,
    decision.position AS position,
    (SELECT text FROM piece WHERE vocabulary = cell.vocabulary
        AND token_id = decision.token_id) AS text,
    CASE decision.route WHEN 1 THEN 'llm' ELSE 'slm' END AS route,
    round(decision.score / 1e6, 4) AS score,
    round(cell.threshold, 4) AS threshold,
    CASE WHEN decision.slm_logprob IS NOT NULL THEN
        (SELECT text FROM piece WHERE vocabulary = cell.vocabulary
            AND token_id = ifnull(decision.slm_token, decision.token_id)) END AS slm_text,
    round(100 * exp(decision.slm_logprob / 1e6), 1) AS slm_percent,
    CASE WHEN decision.llm_logprob IS NOT NULL THEN
        (SELECT text FROM piece WHERE vocabulary = cell.vocabulary
            AND token_id = ifnull(decision.llm_token, decision.token_id)) END AS llm_text,
    round(100 * exp(decision.llm_logprob / 1e6), 1) AS llm_percent,
    CASE sample.correct WHEN 1 THEN 'right' WHEN 0 THEN 'wrong' END AS correct,
    sample.id AS sample,
    sample.cell AS cell
FROM sample
JOIN cell ON cell.id = sample.cell
JOIN decision ON decision.sample = sample.id;

-- Words of outputs, answers, gold answers, questions and errors, by the answer's id.
CREATE VIRTUAL TABLE answer_search USING fts5(
    output, answer, gold, asked, error, content = '', tokenize = "unicode61 remove_diacritics 2");
INSERT INTO answer_search (rowid, output, answer, gold, asked, error)
    SELECT sample, output, answer, gold, asked, error FROM answers ORDER BY sample;
