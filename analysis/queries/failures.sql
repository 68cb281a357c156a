-- Failed questions
-- What failed, why, and how often it was tried.
-- :policy, which may be a label, and :setting limit it to what they name.
SELECT cell.policy, cell.setting, sample.question, sample.error, sample.tries,
    attempt.host, attempt.started, sample.cell
FROM sample
JOIN cell ON cell.id = sample.cell
JOIN attempt ON attempt.id = sample.attempt
WHERE sample.error IS NOT NULL
    AND ifnull(nullif(:policy, ''), cell.policy) IN (cell.policy, cell.label, cell.method)
    AND ifnull(nullif(:setting, ''), cell.setting) IS cell.setting
ORDER BY cell.position, length(sample.question), sample.question;
