/// The first schema as released, with one row of each kind, as an older program left it. Never
/// edited: a later program must open such a file.
package let frozenSchema1 = """
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    CREATE TABLE experiment (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE CHECK (name <> ''),
        question TEXT,
        spec TEXT NOT NULL,
        seed INTEGER
    ) STRICT;
    CREATE TABLE vocabulary (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE,
        size INTEGER NOT NULL CHECK (size > 0)
    ) STRICT;
    CREATE TABLE piece (
        vocabulary INTEGER NOT NULL REFERENCES vocabulary (id),
        token_id INTEGER NOT NULL,
        text TEXT NOT NULL,
        bytes BLOB,
        PRIMARY KEY (vocabulary, token_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE model (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL UNIQUE,
        architecture TEXT,
        parameters INTEGER,
        file_bytes INTEGER
    ) STRICT;
    CREATE TABLE router (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        sha256 TEXT NOT NULL UNIQUE,
        details TEXT
    ) STRICT;
    CREATE TABLE dataset (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        split TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        rows INTEGER NOT NULL,
        source TEXT,
        UNIQUE (name, split, sha256)
    ) STRICT;
    CREATE TABLE question (
        dataset INTEGER NOT NULL REFERENCES dataset (id),
        name TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (dataset, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE cell (
        id INTEGER PRIMARY KEY,
        experiment INTEGER NOT NULL REFERENCES experiment (id),
        key TEXT NOT NULL UNIQUE
            CHECK (length(key) = 64 AND key NOT GLOB '*[^0-9a-f]*'),
        policy TEXT NOT NULL,
        setting TEXT,
        threshold REAL,
        label TEXT,
        position INTEGER NOT NULL,
        slm INTEGER REFERENCES model (id),
        llm INTEGER REFERENCES model (id),
        router INTEGER REFERENCES router (id),
        dataset INTEGER REFERENCES dataset (id),
        vocabulary INTEGER REFERENCES vocabulary (id),
        canonical TEXT NOT NULL
    ) STRICT;
    CREATE TABLE attempt (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        experiment INTEGER REFERENCES experiment (id),
        purpose TEXT NOT NULL,
        program_version TEXT NOT NULL,
        git_commit TEXT,
        git_dirty INTEGER CHECK (git_dirty IN (0, 1)),
        host TEXT NOT NULL,
        cpu TEXT NOT NULL,
        threads INTEGER NOT NULL,
        command TEXT NOT NULL,
        shard TEXT,
        spec TEXT,
        inputs TEXT NOT NULL DEFAULT '{}',
        environment TEXT NOT NULL DEFAULT '{}',
        started TEXT NOT NULL,
        ended TEXT,
        outcome TEXT,
        reason TEXT,
        peak_memory INTEGER
    ) STRICT;
    CREATE TABLE sample (
        id INTEGER PRIMARY KEY,
        cell INTEGER NOT NULL REFERENCES cell (id),
        question TEXT NOT NULL CHECK (question <> ''),
        attempt INTEGER NOT NULL REFERENCES attempt (id),
        tries INTEGER NOT NULL CHECK (tries > 0),
        finish TEXT NOT NULL CHECK (finish IN ('stop', 'length', 'error')),
        correct INTEGER CHECK (correct IN (0, 1)),
        score REAL,
        grader_version TEXT,
        prompt_tokens INTEGER,
        tokens INTEGER,
        llm_calls INTEGER,
        llm_passes INTEGER,
        slm_processed INTEGER,
        llm_processed INTEGER,
        flops INTEGER,
        bytes INTEGER,
        seconds REAL,
        rule TEXT,
        extracted TEXT,
        gold TEXT,
        error TEXT,
        output TEXT,
        UNIQUE (cell, question),
        CHECK ((finish = 'error') = (error IS NOT NULL)),
        CHECK (error IS NULL OR (correct IS NULL AND score IS NULL)),
        CHECK (error IS NOT NULL OR (output IS NOT NULL AND tokens IS NOT NULL
            AND llm_calls IS NOT NULL AND llm_passes IS NOT NULL
            AND (correct IS NOT NULL OR score IS NOT NULL)))
    ) STRICT;
    CREATE TABLE decision (
        sample INTEGER NOT NULL REFERENCES sample (id),
        position INTEGER NOT NULL,
        token_id INTEGER NOT NULL,
        route INTEGER NOT NULL CHECK (route IN (0, 1)),
        score INTEGER,
        slm_token INTEGER,
        slm_logprob INTEGER,
        llm_token INTEGER,
        llm_logprob INTEGER,
        PRIMARY KEY (sample, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE training (
        router INTEGER NOT NULL REFERENCES router (id),
        round INTEGER NOT NULL,
        attempt INTEGER REFERENCES attempt (id),
        tokens INTEGER NOT NULL,
        case_1 INTEGER NOT NULL,
        case_2 INTEGER NOT NULL,
        case_3 INTEGER NOT NULL,
        rollouts INTEGER NOT NULL,
        churn REAL,
        training_loss REAL,
        validation_loss REAL,
        accuracy REAL,
        flops INTEGER,
        bytes INTEGER,
        seconds REAL,
        PRIMARY KEY (router, round)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE timing (
        id INTEGER PRIMARY KEY,
        attempt INTEGER NOT NULL REFERENCES attempt (id),
        cell INTEGER REFERENCES cell (id),
        phase TEXT NOT NULL,
        batch INTEGER NOT NULL CHECK (batch > 0),
        seconds REAL NOT NULL,
        passes INTEGER NOT NULL,
        tokens INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX timing_key ON timing (attempt, ifnull(cell, 0), phase, batch);
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
            count(flops) FILTER (WHERE error IS NULL) AS with_flops,
            count(bytes) FILTER (WHERE error IS NULL) AS with_bytes,
            count(seconds) FILTER (WHERE error IS NULL) AS timed,
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
        cell.key AS key
    FROM total
    JOIN cell ON cell.id = total.cell
    JOIN experiment ON experiment.id = cell.experiment
    LEFT JOIN interval ON interval.cell = total.cell;
    CREATE VIEW token AS
    SELECT
        sample.cell AS cell,
        cell.policy AS policy,
        cell.setting AS setting,
        sample.question AS question,
        decision.position AS position,
        decision.token_id AS token_id,
        written.text AS text,
        CASE decision.route WHEN 1 THEN 'llm' ELSE 'slm' END AS route,
        decision.score / 1e6 AS score,
        cell.threshold AS threshold,
        ifnull(decision.slm_token,
            CASE WHEN decision.slm_logprob IS NOT NULL THEN decision.token_id END)
            AS slm_token,
        decision.slm_logprob / 1e6 AS slm_logprob,
        ifnull(decision.llm_token,
            CASE WHEN decision.llm_logprob IS NOT NULL THEN decision.token_id END)
            AS llm_token,
        decision.llm_logprob / 1e6 AS llm_logprob,
        ifnull(small.text,
            CASE WHEN decision.slm_logprob IS NOT NULL AND decision.slm_token IS NULL
                THEN written.text END) AS slm_text,
        ifnull(large.text,
            CASE WHEN decision.llm_logprob IS NOT NULL AND decision.llm_token IS NULL
                THEN written.text END) AS llm_text,
        sample.correct AS correct,
        sample.id AS sample
    FROM sample
    JOIN cell ON cell.id = sample.cell
    JOIN decision ON decision.sample = sample.id
    LEFT JOIN piece AS written
        ON written.vocabulary = cell.vocabulary AND written.token_id = decision.token_id
    LEFT JOIN piece AS small
        ON small.vocabulary = cell.vocabulary AND small.token_id = decision.slm_token
    LEFT JOIN piece AS large
        ON large.vocabulary = cell.vocabulary AND large.token_id = decision.llm_token;
    PRAGMA application_id = 1667855474;
    PRAGMA user_version = 1;
    INSERT INTO grdb_migrations VALUES ('1');
    INSERT INTO experiment VALUES (1, 'old', NULL, 'experiment: old', 3);
    INSERT INTO vocabulary VALUES (1, 'dd', 10);
    INSERT INTO piece VALUES (1, 4, 'four', NULL);
    INSERT INTO model VALUES (1, 'small', 'aa', 'qwen2', 100, 200);
    INSERT INTO cell VALUES (1, 1, '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
        'entropy', 'threshold=0.5', 0.5, NULL, 0, 1, 1, NULL, NULL, 1, '{}');
    INSERT INTO attempt VALUES (1, 'u', 1, 'sweep', '0.1', NULL, NULL, 'here', 'some', 2,
        'citer sweep', NULL, NULL, '{}', '{}', '2026-01-01T00:00:00.000Z', NULL, NULL, NULL, NULL);
    INSERT INTO sample VALUES (1, 1, '0', 1, 1, 'stop', 1, NULL, '1', 5, 1, 1, 1, 6, 6, 100, 200,
        NULL, 'last number', '4', '4', NULL, 'four');
    INSERT INTO decision VALUES (1, 0, 4, 1, 700000, 3, -500000, NULL, -250000);
    """

/// What the second schema added.
package let frozenSchema2 = """
    CREATE TABLE router_label (
        router INTEGER NOT NULL REFERENCES router (id),
        question TEXT NOT NULL,
        position INTEGER NOT NULL,
        shortcut INTEGER CHECK (shortcut IN (1, 2, 3)),
        label REAL NOT NULL,
        weight REAL NOT NULL,
        score REAL NOT NULL,
        held_out INTEGER NOT NULL CHECK (held_out IN (0, 1)),
        slm_correct INTEGER CHECK (slm_correct IN (0, 1)),
        llm_correct INTEGER CHECK (llm_correct IN (0, 1)),
        PRIMARY KEY (router, question, position)
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 2;
    """

/// What the third schema changed.
package let frozenSchema3 = """
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
    PRAGMA user_version = 3;
    """

/// What the fourth schema changed.
package let frozenSchema4 = """
    ALTER TABLE cell ADD COLUMN keep TEXT;
    ALTER TABLE cell ADD COLUMN method TEXT;
    ALTER TABLE sample ADD COLUMN drafted INTEGER;
    ALTER TABLE cell ADD COLUMN judge INTEGER REFERENCES router (id);
    ALTER TABLE router_label ADD COLUMN slm_token INTEGER;
    ALTER TABLE router_label ADD COLUMN llm_token INTEGER;
    ALTER TABLE router_label ADD COLUMN same_answer INTEGER CHECK (same_answer IN (0, 1));
    ALTER TABLE router_label ADD COLUMN rollout_tokens INTEGER;
    UPDATE cell SET keep = CASE policy WHEN 'speculative' THEN 'strict' WHEN 'bild' THEN 'log-prob' END;
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
        total.joules / nullif(total.with_joules, 0) AS joules_mean,
        coalesce(cell.method, cell.label, cell.policy) AS method,
        cell.keep AS keep
    FROM total
    JOIN cell ON cell.id = total.cell
    JOIN experiment ON experiment.id = cell.experiment
    LEFT JOIN interval ON interval.cell = total.cell;
    CREATE VIEW verification AS
    SELECT
        experiment.name AS experiment,
        cell.id AS cell,
        cell.policy AS policy,
        coalesce(cell.method, cell.label, cell.policy) AS method,
        cell.setting AS setting,
        cell.keep AS keep,
        count(*) AS n,
        sum(sample.tokens) AS tokens,
        sum(sample.llm_calls) AS llm_tokens,
        sum(sample.llm_passes) AS llm_passes,
        sum(sample.tokens - sample.llm_calls) AS kept,
        CASE WHEN count(sample.drafted) = count(*) THEN sum(sample.drafted) END AS drafted,
        1.0 * sum(sample.tokens) / nullif(sum(sample.llm_passes), 0) AS tokens_per_pass,
        CASE WHEN count(sample.drafted) = count(*) THEN
            1.0 * sum(sample.tokens - sample.llm_calls) / nullif(sum(sample.drafted), 0)
            END AS kept_share
    FROM sample
    JOIN cell ON cell.id = sample.cell
    JOIN experiment ON experiment.id = cell.experiment
    WHERE cell.keep IS NOT NULL AND sample.error IS NULL
    GROUP BY cell.id;
    PRAGMA user_version = 4;
    """

/// What the fifth schema changed.
package let frozenSchema5 = """
    ALTER TABLE cell ADD COLUMN asked REAL;
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
        total.joules / nullif(total.with_joules, 0) AS joules_mean,
        coalesce(cell.method, cell.label, cell.policy) AS method,
        cell.keep AS keep,
        cell.asked AS asked
    FROM total
    JOIN cell ON cell.id = total.cell
    JOIN experiment ON experiment.id = cell.experiment
    LEFT JOIN interval ON interval.cell = total.cell;
    PRAGMA user_version = 5;
    """

/// What the sixth schema changed.
package let frozenSchema6 = """
    ALTER TABLE model ADD COLUMN server TEXT;

    CREATE TABLE server_probe (
        model INTEGER PRIMARY KEY REFERENCES model (id),
        answers TEXT NOT NULL
    ) STRICT;

    CREATE TABLE traffic (
        attempt INTEGER NOT NULL REFERENCES attempt (id),
        model INTEGER NOT NULL REFERENCES model (id),
        requests INTEGER NOT NULL,
        retries INTEGER NOT NULL,
        failures INTEGER NOT NULL,
        sent_bytes INTEGER NOT NULL,
        received_bytes INTEGER NOT NULL,
        read_tokens INTEGER,
        cached_tokens INTEGER,
        seconds REAL NOT NULL,
        server_seconds REAL,
        PRIMARY KEY (attempt, model)
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 6;
    """
