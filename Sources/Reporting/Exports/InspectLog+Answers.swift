import Hashing
import ResultsStore

/// A question of a cell as Inspect logs a sample.
extension InspectLog {
    /// Numbers as numbers, so that they sort as such.
    func id(_ question: String) -> JSONValue {
        if let number = Int(question), number >= 0, String(number) == question {
            return .integer(number)
        }
        return .string(question)
    }

    func answer(_ row: SampleRow) -> JSONValue {
        let unique = SHA256.hexadecimal(of: "\(logged.cell.record.key) \(row.question)".utf8)
        let asked = logged.questions[row.question] ?? ""
        let question = message("user", asked, source: "input", row)
        let start: [(key: String, value: JSONValue)] = [
            ("id", id(row.question)), ("epoch", .integer(1)), ("input", .string(asked)),
            ("target", .string(row.sample?.gold ?? "")), ("metadata", metadata(row)),
            ("uuid", .string(String(unique.prefix(Self.digits)))),
        ]
        guard let sample = row.sample else {
            let error = JSONValue.object([
                ("message", .string(row.error ?? "")), ("traceback", .string("")),
                ("traceback_ansi", .string("")),
            ])
            return .object(start + [("messages", .array([question])), ("error", error)])
        }
        let reply = message("assistant", sample.output, source: "generate", row)
        let output = output(reply, sample)
        let seconds = sample.usage.seconds.map { JSONValue.number($0) } ?? .null
        let limit = logged.maxTokens.map {
            JSONValue.object([("type", .string("token")), ("limit", .integer($0))])
        }
        let scores = scores(sample)
        return .object(
            start
                + present([
                    ("messages", .array([question, reply])), ("output", output),
                    ("scores", .object(scores)),
                    ("events", events(question, output, scores, row)),
                    ("model_usage", usage(of: [sample.usage]) { "citer/\($0.record.name)" }),
                    ("role_usage", usage(of: [sample.usage]) { $0.role }),
                    ("total_time", seconds), ("working_time", seconds),
                    ("limit", sample.finish == .length ? limit ?? .null : .null),
                ]))
    }

    private func output(_ reply: JSONValue, _ sample: SampleRecord) -> JSONValue {
        let reason = sample.finish == .length ? "max_tokens" : "stop"
        let choice = JSONValue.object([("message", reply), ("stop_reason", .string(reason))])
        return .object(
            present([
                ("model", .string(model)), ("choices", .array([choice])),
                ("usage", tokens(read: sample.usage.promptTokens, written: sample.usage.tokens)),
                ("time", sample.usage.seconds.map { .number($0) } ?? .null),
            ]))
    }

    /// The transcript: the pair's one generation, what it cost, and its grade. When each was is not stored, so the run's start stands.
    private func events(
        _ question: JSONValue, _ output: JSONValue, _ scores: [(key: String, value: JSONValue)],
        _ row: SampleRow
    ) -> JSONValue {
        func event(_ kind: String, _ members: [(key: String, value: JSONValue)]) -> JSONValue {
            .object(
                [
                    ("uuid", .string("\(row.question)-\(kind)")), ("timestamp", .string(created)),
                    ("working_start", .integer(0)), ("event", .string(kind)),
                ] + members)
        }
        let generated = event(
            "model",
            [
                ("model", .string(model)), ("input", .array([question])), ("tools", .array([])),
                ("tool_choice", .string("none")), ("config", generation), ("output", output),
            ])
        let cost = event("info", [("source", .string("citer")), ("data", metadata(row))])
        let grades = scores.prefix(1).map { name, score in
            event(
                "score",
                [
                    ("score", score), ("scorer", .string(name)),
                    ("target", .string(row.sample?.gold ?? "")),
                ])
        }
        return .array([generated, cost] + grades)
    }

    private func message(
        _ role: String, _ content: String, source: String, _ row: SampleRow
    ) -> JSONValue {
        .object([
            // Inspect would draw one at random.
            ("id", .string("\(row.question)-\(role)")), ("role", .string(role)),
            ("content", .string(content)), ("source", .string(source)),
        ])
    }

    /// The grade first.
    private func scores(_ sample: SampleRecord) -> [(key: String, value: JSONValue)] {
        AnswerMetric.all.compactMap { metric -> (key: String, value: JSONValue)? in
            guard let value = metric.value(sample) else { return nil }
            guard AnswerMetric.grades.contains(where: { $0.name == metric.name }) else {
                let column = metric.column
                return (
                    column?.name ?? metric.name,
                    .object([("value", .number(column?.value(value) ?? value))])
                )
            }
            let letter = JSONValue.string(value == 1 ? "C" : "I")
            return (
                metric.name,
                .object(
                    present([
                        ("value", metric.name == Self.graded ? letter : .number(value)),
                        ("answer", .text(sample.grade.extracted)),
                        ("explanation", .text(sample.grade.rule.map { "read by \($0)" })),
                        (
                            "metadata",
                            .object([("grader_version", .string(sample.grade.version))])
                        ),
                    ]))
            )
        }
    }

    /// What is stored of it, by the database's names, but its texts.
    private func metadata(_ row: SampleRow) -> JSONValue {
        let shown = zip(SampleRow.exportedNames, row.exportedValues.map(JSONValue.init))
            .filter { name, _ in !["output", "gold", "error"].contains(name) }
        return .object(present(shown.map { (key: $0, value: $1) }))
    }
}
