import ResultsStore

extension ReportData {
    /// What wrote the answers, a line each: models with their sizes, decoding, machines.
    var provenance: [String] {
        var lines = models.map { model in
            if let remote = RemoteModel(model) {
                let told = remote.server.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                return
                    "\(model.name): behind \(remote.api), identity \"\(remote.identity)\" (\(told.joined(separator: ", "))); no promise of equal bits"
            }
            guard let parameters = model.parameters, parameters > 0, let bytes = model.fileBytes
            else { return "\(model.name): SHA-256 \(model.sha256)" }
            let bits = 8 * Double(bytes) / Double(parameters)
            return
                "\(model.name): \(scaled(Double(parameters))) parameters at \(fixed(bits, 1)) bits each, SHA-256 \(model.sha256)"
        }
        let machines = Set(writers.map(\.record.machine))
        lines += ["Greedy decoding on \(machines.sorted().joined(separator: "; "))."]
        return lines
    }
}

extension AttemptRecord {
    /// The processor and how many threads were used, as pages say it.
    var machine: String { "\(cpu), \(threads) thread\(threads == 1 ? "" : "s")" }
}
