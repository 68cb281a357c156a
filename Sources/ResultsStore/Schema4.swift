/// The fourth version: what L judges of S's tokens.
enum Schema4 {
    /// A cell's `keep` is the rule by which L judges S's tokens, NULL where it judges none; of older cells as the policies of that time had it. `method` names
    /// the curve that it lies on where that is not its label or policy; `judge` is the router that judges, if one does. `drafted` counts the drafts of an answer,
    /// taken back ones included; NULL of what was stored before. The new columns of labels are a judge's, NULL for routers that decide before a token.
    static let columns = """
        ALTER TABLE cell ADD COLUMN keep TEXT;
        ALTER TABLE cell ADD COLUMN method TEXT;
        ALTER TABLE sample ADD COLUMN drafted INTEGER;
        ALTER TABLE cell ADD COLUMN judge INTEGER REFERENCES router (id);
        ALTER TABLE router_label ADD COLUMN slm_token INTEGER;
        ALTER TABLE router_label ADD COLUMN llm_token INTEGER;
        ALTER TABLE router_label ADD COLUMN same_answer INTEGER CHECK (same_answer IN (0, 1));
        ALTER TABLE router_label ADD COLUMN rollout_tokens INTEGER;
        UPDATE cell SET keep = CASE policy WHEN 'speculative' THEN 'strict' WHEN 'bild' THEN 'log-prob' END;
        """

    /// `curve` with `method` and `keep`, the rest as in the third version.
    static let curve =
        Schema3.views.replacing(
            "AS joules_mean\n",
            with:
                "AS joules_mean,\n    coalesce(cell.method, cell.label, cell.policy) AS method,\n    cell.keep AS keep\n"
        )

    /// Of each cell in which L judges, how much of S's work stays and how far a pass of L gets. `llm_tokens` are L's own, `kept` S's; `drafted` is NULL where it
    /// is not known of all answers.
    static let verification = """
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
        """
}
