/// Finds what follows a marker such as `####` on its line.
enum MarkedAnswer {
    /// The trimmed rest of the line after each occurrence of `marker`, in order; blank ones are left
    /// out.
    static func all(in output: String, marker: String) -> [String] {
        output.split(whereSeparator: \.isNewline).flatMap { line in
            pieces(of: String(line), after: marker)
        }
    }

    private static func pieces(of line: String, after marker: String) -> [String] {
        guard !marker.isEmpty else { return [] }
        let text = Array(line)
        let mark = Array(marker)
        var found: [String] = []
        var position = 0
        while position + mark.count <= text.count {
            if text[position...].starts(with: mark) {
                position += mark.count
                found.append(String(text[position...]).trimmed)
            } else {
                position += 1
            }
        }
        return found.filter { !$0.isEmpty }
    }
}
