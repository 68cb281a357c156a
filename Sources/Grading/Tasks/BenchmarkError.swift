import Platform

/// Why a benchmark could not be found or its rows not be read. Lines count from 1.
package enum BenchmarkError: ReportableError, Equatable {
    /// No benchmark has this name.
    case unknownBenchmark(name: String, known: [String])
    case unknownParameter(name: String, benchmark: String, known: [String])
    case badParameter(name: String, value: String, expected: String)
    case unknownSplit(name: String, benchmark: String, known: [String])
    case noRows
    case notText
    case notAnObject(line: Int)
    case missingField(line: Int, field: String)
    case badField(line: Int, field: String, found: String, expected: String)
    case duplicateID(line: Int, id: String)
    /// A task's definition contradicts itself.
    case badDefinition(task: String, reason: String)
}

extension BenchmarkError {
    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { true }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .unknownBenchmark(let name, let known):
            "no task is named '\(name)'; choose one of \(known.joined(separator: ", "))"
        case .unknownParameter(let name, let benchmark, let known):
            known.isEmpty
                ? "task '\(benchmark)' takes no parameters, but '\(name)' was given; remove it"
                : "task '\(benchmark)' has no parameter '\(name)'; "
                    + "it takes \(known.joined(separator: ", "))"
        case .badParameter(let name, let value, let expected):
            "parameter '\(name)' is '\(value)'; expected \(expected)"
        case .unknownSplit(let name, let benchmark, let known):
            "task '\(benchmark)' has no split '\(name)'; "
                + "choose one of \(known.joined(separator: ", "))"
        case .noRows:
            "the data file has no rows; fetch it again or give another file"
        case .notText:
            "the data file is not UTF-8 text; convert it or give another file"
        case .notAnObject(let line):
            "line \(line): expected one JSON object on each line"
        case .missingField(let line, let field):
            "line \(line): no field '\(field)'; name the fields the file has under 'fields'"
        case .badField(let line, let field, let found, let expected):
            "line \(line): field '\(field)' is \(found); expected \(expected)"
        case .duplicateID(let line, let id):
            "line \(line): the id '\(id)' occurs a second time; ids must be unique"
        case .badDefinition(let task, let reason):
            "task '\(task)': \(reason)"
        }
    }
}
