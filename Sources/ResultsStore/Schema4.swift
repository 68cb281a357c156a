/// The fourth version: what is known of a judge's labels.
enum Schema4 {
    /// NULL for routers that decide before a token.
    static let judges = """
        ALTER TABLE router_label ADD COLUMN slm_token INTEGER;
        ALTER TABLE router_label ADD COLUMN llm_token INTEGER;
        ALTER TABLE router_label ADD COLUMN same_answer INTEGER CHECK (same_answer IN (0, 1));
        ALTER TABLE router_label ADD COLUMN rollout_tokens INTEGER;
        """
}
