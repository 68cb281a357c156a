-- Whether a router's score is a probability: the share of held-out labels that it foretells, by tenths of the labels in the order of their score;
-- on the dashed line it says what it means. A label that was drawn for a rollout counts as many times as it stands for.
-- x: score, %
-- y: labels that it foretells, %
-- x range: 0 100
-- y range: 0 100
-- reference: diagonal

-- Columns: series, mean score, share of the labels that are 1, labels.
WITH held AS (
    SELECT router.name AS series, router.id AS place, router_label.score, router_label.weight,
        (router_label.label >= 0.5) = (router.kind = 'citer') AS right,
        ntile(10) OVER (PARTITION BY router.id ORDER BY router_label.score) AS bin
    FROM router_label
    JOIN router ON router.id = router_label.router
    WHERE router_label.held_out AND router_label.weight > 0 AND router_label.weight < 9e999
        AND :experiment IS NOT NULL
        AND (:routers IS NULL OR router.id IN (SELECT value FROM json_each(:routers)))
)
SELECT series, 100.0 * sum(weight * score) / sum(weight) AS x,
    100.0 * sum(weight * right) / sum(weight) AS y, count(*) AS labels
FROM held
GROUP BY place, series, bin
ORDER BY place, series, x;
