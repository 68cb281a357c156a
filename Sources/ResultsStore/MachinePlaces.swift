/// Where on a machine things lay, as an attempt's environment names it: absolute paths among the values of a JSON object of texts.
///
/// Packing leaves them out, and a merge must know what that does: a packed row and the live one that it came from say the same. Which of
/// the two stays follows from their contents, not from which file was merged into which.
enum MachinePlaces {
    /// The object without its absolute paths, as SQL of the column or value `object`.
    static func leftOut(of object: String) -> String { members(of: object, "value NOT LIKE '/%'") }

    /// Whether neither object is the other one or what packing makes of it, as SQL.
    static func contradict(_ ours: String, _ theirs: String) -> String {
        """
        (\(whole(ours)) IS NOT \(whole(theirs))
            AND \(leftOut(of: ours)) IS NOT \(whole(theirs))
            AND \(whole(ours)) IS NOT \(leftOut(of: theirs)))
        """
    }

    /// Of two that agree the one that says more, and of two that say the same the lesser text; else `ours`. As SQL.
    static func fuller(_ ours: String, _ theirs: String) -> String {
        """
        CASE WHEN \(whole(ours)) IS \(whole(theirs)) THEN min(\(ours), \(theirs))
            WHEN \(whole(ours)) IS \(leftOut(of: theirs)) THEN \(theirs)
            ELSE \(ours) END
        """
    }

    /// One spelling for all texts of the same object.
    private static func whole(_ object: String) -> String { members(of: object, "true") }

    /// What is no JSON was never written by us; it stands for itself.
    private static func members(of object: String, _ condition: String) -> String {
        """
        (CASE WHEN json_valid(\(object)) THEN (
            SELECT json_group_object(key, value) FROM (
                SELECT key, value FROM json_each(\(object)) WHERE \(condition) ORDER BY key))
            ELSE \(object) END)
        """
    }
}
