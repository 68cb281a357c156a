/// The third version: measured energy, and what a cell's policy decides.
enum Schema3 {
    /// Joules are NULL where they can't be measured, and of all that was stored before. A cell's `scope` is what its policy decides for, a token, a question or
    /// an answer, and `calls` the side of its threshold on which the large model is called; of older cells as the policies of that time had it.
    static let columns = """
        ALTER TABLE timing ADD COLUMN joules REAL;
        ALTER TABLE sample ADD COLUMN joules REAL;
        ALTER TABLE cell ADD COLUMN scope TEXT;
        ALTER TABLE cell ADD COLUMN calls TEXT;
        UPDATE cell SET
            scope = CASE
                WHEN policy IN ('query', 'query-random', 'query-oracle') THEN 'question'
                WHEN policy = 'cascade' THEN 'answer' ELSE 'token' END,
            calls = CASE
                WHEN policy IN ('random', 'query-random', 'max-prob', 'margin', 'citer') THEN 'below'
                WHEN policy IN ('entropy', 'query', 'cascade', 'co-llm', 'r2r') THEN 'above' END;
        """

    /// `curve` with `joules` and `joules_mean`; the rest as in the first version.
    static let views = """
        DROP VIEW curve;
        CREATE VIEW curve AS
        WITH total AS (
            SELECT
                cell,
                count(*) FILTER (WHERE error IS NULL) AS n,
                count(*) FILTER (WHERE error IS NOT NULL) AS failed,
                count(correct) AS graded,
                total(correct) AS hits,
                avg(score) AS score,
                sum(llm_calls) FILTER (WHERE error IS NULL) AS llm_calls,
                sum(llm_passes) FILTER (WHERE error IS NULL) AS llm_passes,
                sum(tokens) FILTER (WHERE error IS NULL) AS tokens,
                total(flops) FILTER (WHERE error IS NULL) AS flops,
                total(bytes) FILTER (WHERE error IS NULL) AS bytes,
                total(seconds) FILTER (WHERE error IS NULL) AS seconds,
                total(joules) FILTER (WHERE error IS NULL) AS joules,
                count(flops) FILTER (WHERE error IS NULL) AS with_flops,
                count(bytes) FILTER (WHERE error IS NULL) AS with_bytes,
                count(seconds) FILTER (WHERE error IS NULL) AS timed,
                count(joules) FILTER (WHERE error IS NULL) AS with_joules,
                avg(1.0 * llm_calls / nullif(tokens, 0))
                    FILTER (WHERE error IS NULL) AS call_ratio_mean,
                count(*) FILTER (WHERE error IS NULL AND extracted IS NULL) AS no_answer
            FROM sample
            GROUP BY cell
        ),
        interval AS (
            SELECT
                cell,
                hits,
                graded,
                (
                    WITH RECURSIVE newton (step, root) AS (
                        VALUES (0, 1.0)
                        UNION ALL
                        SELECT step + 1,
                            (root + (hits * (graded - hits) / graded + 0.960364705173531)
                                / root) / 2
                        FROM newton WHERE step < 40
                    )
                    SELECT root FROM newton ORDER BY step DESC LIMIT 1
                ) * 1.959963984540054 AS half
            FROM total
            WHERE graded > 0
        )
        SELECT
            experiment.name AS experiment,
            cell.id AS cell,
            cell.policy AS policy,
            cell.setting AS setting,
            total.n AS n,
            total.hits / nullif(total.graded, 0) AS accuracy,
            CASE WHEN total.graded = 0 THEN NULL WHEN total.hits = 0 THEN 0.0
                ELSE (total.hits + 1.920729410347062 - half) / (total.graded + 3.841458820694124)
                END AS accuracy_low,
            CASE WHEN total.graded = 0 THEN NULL WHEN total.hits = total.graded THEN 1.0
                ELSE (total.hits + 1.920729410347062 + half) / (total.graded + 3.841458820694124)
                END AS accuracy_high,
            1.0 * total.llm_calls / nullif(total.tokens, 0) AS call_ratio,
            total.llm_calls AS llm_calls,
            total.llm_passes AS llm_passes,
            total.tokens AS tokens,
            CASE WHEN total.with_flops = total.n THEN total.flops END AS flops,
            CASE WHEN total.with_bytes = total.n THEN total.bytes END AS bytes,
            CASE WHEN total.timed = total.n THEN total.seconds END AS seconds,
            total.failed AS failed,
            total.no_answer AS no_answer,
            total.call_ratio_mean AS call_ratio_mean,
            total.score AS score,
            total.timed AS timed,
            total.seconds / nullif(total.timed, 0) AS seconds_mean,
            cell.label AS label,
            cell.threshold AS threshold,
            cell.position AS position,
            cell.key AS key,
            CASE WHEN total.with_joules = total.n THEN total.joules END AS joules,
            total.joules / nullif(total.with_joules, 0) AS joules_mean
        FROM total
        JOIN cell ON cell.id = total.cell
        JOIN experiment ON experiment.id = cell.experiment
        LEFT JOIN interval ON interval.cell = total.cell;
        """
}
