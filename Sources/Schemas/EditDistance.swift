/// The number of single-character edits between two words, a swap of neighbours counting as one.
///
/// Damerau-Levenshtein in its restricted form ("optimal string alignment").
/// Complexity: O(|a| |b|) time and memory; both are words a person typed.
package func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a.lowercased())
    let b = Array(b.lowercased())
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    for i in 1...a.count {
        for j in 1...b.count {
            let substitution = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
            var best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, substitution)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                best = min(best, rows[i - 2][j - 2] + 1)
            }
            rows[i][j] = best
        }
    }
    return rows[a.count][b.count]
}

/// The candidate a person most likely meant by `word`, or nil when none is near.
///
/// Near: at most a third of the longer word's characters differ, and at least one may; or one
/// word begins with the other. The first of equally near candidates wins.
package func closestMatch(to word: String, in candidates: [String]) -> String? {
    // A word that long is no slip of the fingers, and the table above would grow with it.
    guard !word.isEmpty, word.count <= 100 else { return nil }
    func limit(_ candidate: String) -> Int { max(1, max(word.count, candidate.count) / 3) }
    let near = candidates.map { (name: $0, distance: editDistance(word, $0)) }
        .filter { $0.distance <= limit($0.name) && $0.distance < word.count }
    if let best = near.min(by: { $0.distance < $1.distance }) { return best.name }
    guard word.count >= 3 else { return nil }
    let folded = word.lowercased()
    return candidates.first {
        $0.lowercased().hasPrefix(folded) || ($0.count >= 3 && folded.hasPrefix($0.lowercased()))
    }
}
