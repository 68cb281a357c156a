-- Receiver operating characteristic of each router, on labels that it did not learn from: of the tokens to be called for, the share that is called for,
-- against the share of the others, as the threshold moves. A label that was drawn for a rollout counts as many times as it stands for.
-- x: called for in vain, %
-- y: called for where wanted, %
-- x range: 0 100
-- y range: 0 100
-- reference: diagonal
-- signs: none

-- Columns: series, false calls in percent, right calls in percent.
WITH held AS (
    SELECT router.name AS series, router.id AS place,
        CASE WHEN router.kind = 'citer' THEN -router_label.score ELSE router_label.score END
            AS score,
        router_label.weight, router_label.label < 0.5 AS wanted
    FROM router_label
    JOIN router ON router.id = router_label.router
    WHERE router_label.held_out AND router_label.weight > 0 AND router_label.weight < 9e999
        AND :experiment IS NOT NULL
        AND (:routers IS NULL OR router.id IN (SELECT value FROM json_each(:routers)))
),
-- Tokens of one score are called for together.
steps AS (
    SELECT series, place, score, sum(weight * wanted) AS hits, sum(weight * (NOT wanted)) AS misses
    FROM held
    GROUP BY place, series, score
),
sums AS (
    SELECT series, place, score,
        sum(hits) OVER (PARTITION BY place ORDER BY score DESC) AS hits,
        sum(misses) OVER (PARTITION BY place ORDER BY score DESC) AS misses,
        sum(hits) OVER (PARTITION BY place) AS all_hits,
        sum(misses) OVER (PARTITION BY place) AS all_misses
    FROM steps
),
shares AS (
    SELECT series, place, 100.0 * misses / nullif(all_misses, 0) AS x,
        100.0 * hits / nullif(all_hits, 0) AS y
    FROM sums
    UNION ALL
    SELECT DISTINCT series, place, 0.0, 0.0 FROM held
)
-- One point a half percent is as much as can be seen.
SELECT series, max(x) AS x, max(y) AS y
FROM shares
WHERE x IS NOT NULL AND y IS NOT NULL
GROUP BY place, series, cast(2 * x AS INTEGER), cast(2 * y AS INTEGER)
ORDER BY place, series, x, y;
