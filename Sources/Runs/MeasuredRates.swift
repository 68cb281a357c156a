import Foundation
import ResultsStore

/// How long answers were and how fast they came, as a database remembers it.
struct MeasuredRates {
    /// Mean tokens of an answer, by cell key.
    let tokensPerAnswer: [String: Double]
    /// Mean tokens of all answers of an experiment under this limit of tokens; nil without any.
    let meanTokens: Double?
    /// Answers' tokens a second of passes, all cells together; nil if no run was timed.
    let tokensPerSecond: Double?
    /// The machine that was measured, where it is not this one.
    let elsewhere: String?

    static let none = MeasuredRates(
        tokensPerAnswer: [:], meanTokens: nil, tokensPerSecond: nil, elsewhere: nil)
}

extension MeasuredRates {
    /// Of the runs of this kind on this machine, else of any machine.
    init(_ reader: ResultsReader, experiment: String, maxTokens: Int, fused: Bool) throws {
        let lengths = try reader.query(
            """
            SELECT cell.key, count(*), sum(sample.tokens), experiment.name = :experiment
                AND json_extract(cell.canonical, '$.generation.maxTokens') = :limit
            FROM sample JOIN cell ON cell.id = sample.cell
            JOIN experiment ON experiment.id = cell.experiment
            WHERE sample.error IS NULL GROUP BY cell.id
            """, parameters: ["experiment": .text(experiment), "limit": .integer(Int64(maxTokens))])
        var means: [String: Double] = [:]
        var (answers, tokens) = (0.0, 0.0)
        for row in lengths.rows {
            guard case .text(let key) = row[0] else { continue }
            means[key] = row[2].number / row[1].number
            guard row[3].number == 1 else { continue }
            answers += row[1].number
            tokens += row[2].number
        }
        let host = ProcessInfo.processInfo.hostName
        let runs = try Self.runs(reader).filter { $0.fused == fused }
        let here = runs.filter { $0.host == host }
        let chosen = here.isEmpty ? runs : here
        let seconds = chosen.reduce(0) { $0 + $1.seconds }
        self.init(
            tokensPerAnswer: means, meanTokens: answers > 0 ? tokens / answers : nil,
            tokensPerSecond: seconds > 0 ? chosen.reduce(0) { $0 + $1.tokens } / seconds : nil,
            elsewhere: here.isEmpty ? chosen.last?.host : nil)
    }

    private struct Run {
        let host: String
        let fused: Bool
        let tokens: Double
        let seconds: Double
    }

    /// Runs that stored answers and their times, the oldest first.
    private static func runs(_ reader: ResultsReader) throws -> [Run] {
        let rows = try reader.query(
            """
            SELECT attempt.host, attempt.environment, written.tokens, spent.seconds
            FROM attempt
            JOIN (SELECT attempt, sum(tokens) AS tokens FROM sample GROUP BY attempt) AS written
                ON written.attempt = attempt.id
            JOIN (SELECT attempt, sum(seconds) AS seconds FROM timing GROUP BY attempt) AS spent
                ON spent.attempt = attempt.id
            WHERE written.tokens > 0 AND spent.seconds > 0 ORDER BY attempt.started
            """
        ).rows
        return rows.compactMap { row in
            guard case .text(let host) = row[0], case .text(let json) = row[1] else { return nil }
            let environment = try? JSONDecoder().decode(
                [String: String].self, from: Data(json.utf8))
            return Run(
                host: host, fused: environment?["fused"] != "no", tokens: row[2].number,
                seconds: row[3].number)
        }
    }
}

extension QueryValue {
    /// A number; 0 for anything else.
    package var number: Double {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .null, .text: 0
        }
    }
}
