-- Whether more rounds of training help: the share of labels held out from training that a router gets wrong, after each round.
-- x: training round
-- x numbers: whole
-- y: held-out error, %

-- Columns: series (the router), round, error in percent.
SELECT router.name AS series, round AS x, 100 * (1 - accuracy) AS y
FROM training JOIN router ON router.id = training.router
WHERE accuracy IS NOT NULL
    AND (:routers IS NULL OR router.id IN (SELECT value FROM json_each(:routers)))
    AND router.name IN (
        SELECT used.name FROM router AS used JOIN cell ON cell.router = used.id
        JOIN experiment ON experiment.id = cell.experiment
        WHERE experiment.name = :experiment)
ORDER BY router.name, round;
