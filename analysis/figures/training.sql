-- Loss, error and label churn of each training round.
-- Columns: series (router and figure), round, value.
WITH figure AS (
    SELECT router.name AS router, round, 1 AS place, 'held-out loss' AS figure,
        validation_loss AS value
    FROM training JOIN router ON router.id = training.router
    WHERE :routers IS NULL OR router.id IN (SELECT value FROM json_each(:routers))
    UNION ALL
    SELECT router.name, round, 2, 'held-out error', 1 - accuracy
    FROM training JOIN router ON router.id = training.router
    WHERE :routers IS NULL OR router.id IN (SELECT value FROM json_each(:routers))
    UNION ALL
    SELECT router.name, round, 3, 'changed labels', churn
    FROM training JOIN router ON router.id = training.router
    WHERE :routers IS NULL OR router.id IN (SELECT value FROM json_each(:routers))
)
SELECT router || ': ' || figure AS series, round AS x, value AS y
FROM figure
WHERE value IS NOT NULL
    AND router IN (
        SELECT router.name FROM router JOIN cell ON cell.router = router.id
        JOIN experiment ON experiment.id = cell.experiment
        WHERE experiment.name = :experiment)
ORDER BY router, place, round;
