import ResultsStore

extension ReportData {
    /// What wrote the answers, a line each: models with their sizes, decoding, machines.
    var provenance: [String] {
        var lines = models.map(\.provenance)
        let machines = Set(writers.map(\.record.machine))
        lines += ["Greedy decoding on \(machines.sorted().joined(separator: "; "))."]
        return lines
    }
}

extension ModelRecord {
    /// Its sizes and its identity. Of bits a weight nothing can be said: the file holds more than the weights that are counted, such as a second table of the
    /// vocabulary, and each tensor has bits of its own.
    var provenance: String {
        if let remote = RemoteModel(self) {
            let told = remote.server.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            return
                "\(name): behind \(remote.api), identity \"\(remote.identity)\" (\(told.joined(separator: ", "))); no promise of equal bits"
        }
        guard let parameters, parameters > 0, let fileBytes else {
            return "\(name): SHA-256 \(sha256)"
        }
        return
            "\(name): \(scaled(Double(parameters))) parameters in a file of \(byteText(fileBytes)), SHA-256 \(sha256)"
    }
}

/// A size in decimal units, such as `491 MB`.
private func byteText(_ bytes: Int) -> String {
    let text = scaled(Double(bytes))
    return text.contains(" ") ? text + "B" : text + " B"
}

extension AttemptRecord {
    /// The processor and how many threads were used, as pages say it.
    var machine: String { "\(cpu), \(threads) thread\(threads == 1 ? "" : "s")" }
}
