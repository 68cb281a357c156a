-- Cells
-- Accuracy and cost of every cell, sums over its finished questions.
SELECT * FROM curve
ORDER BY experiment, CASE policy WHEN 'slm' THEN 0 WHEN 'llm' THEN 1 ELSE 2 END, position;
