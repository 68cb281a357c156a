-- Failed questions
-- What failed, why, and how often it was tried. :cell limits it to one cell.
SELECT sample.cell, cell.policy, cell.setting, sample.question, sample.error, sample.tries,
    attempt.host, attempt.started
FROM sample
JOIN cell ON cell.id = sample.cell
JOIN attempt ON attempt.id = sample.attempt
WHERE sample.error IS NOT NULL AND sample.cell = ifnull(nullif(:cell, ''), sample.cell)
ORDER BY cell.position, length(sample.question), sample.question;
