import Platform
import Tokenization

/// What makes a run impossible, found before it starts or on the way.
package enum RunError: ReportableError, Equatable {
    /// A model's file can't be used.
    case model(name: String, reason: String)
    /// What is asked for needs a model that runs here, and this one is behind a server.
    case notHere(String)
    /// The pair's vocabularies have different sizes.
    case vocabulariesDiffer(slm: String, slmCount: Int, llm: String, llmCount: Int)
    /// The pair's vocabularies have one size, and other tokens.
    case vocabulariesDisagree(slm: String, llm: String)
    /// Nobody says how the model wants to be prompted.
    case noTemplate(model: String)
    /// The chat format that was asked for is made of what is plain text to the model.
    case noCommand(model: String, marker: String, template: String)
    /// The model's own chat program writes the start of the answer, which no format here does.
    case startedAnswer(model: String, start: String, template: String)
    /// No chat format has this name.
    case unknownTemplate(String)
    /// A file of rows can't be read as the task's.
    case rows(file: String, reason: String)
    /// A selection has no rows.
    case emptySplit(String)
    /// A quantile's distribution is empty.
    case noScores(cell: String)
    /// A policy chooses by grades where nothing is graded.
    case needsGrades(policy: String)
    /// A policy drafts from the tokens of a training split where there is no task.
    case needsTask(policy: String)
    /// Training was asked for, and the spec names no routers.
    case noRouters(spec: String)
    /// No router of the spec has this name.
    case unknownRouter(String, known: [String])
    /// No file has the router of this name.
    case noRouter(name: String, places: [String], known: [String])
    /// A router's file can't be used.
    case router(name: String, reason: String)
    /// Trained routers can't be written there.
    case routerFolder(path: String, reason: String)
    /// The small model has no such middle layer.
    case routerLayer(router: String, layer: Int, layers: Int)
    /// The large model has no such middle layer.
    case judgeLayer(judge: String, layer: Int, layers: Int)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { true }

    /// What was found, what was expected, what to do.
    package var description: String {
        switch self {
        case .model(let name, let reason): "model \(name): \(reason)"
        case .notHere(let name):
            "model \(name) is behind a server, and this needs its weights: name a model of models.yaml or a .gguf file"
        case .rows(let file, let reason): "\(file), \(reason)"
        case .vocabulariesDiffer(let slm, let slmCount, let llm, let llmCount):
            "the models of a pair must share one vocabulary: \(slm) has \(slmCount) tokens,"
                + " \(llm) has \(llmCount); models.vocabulary: joint lets each read the other's text in its own tokens"
        case .vocabulariesDisagree(let slm, let llm):
            "the models of a pair must share one vocabulary: \(slm) and \(llm) have as many tokens,"
                + " but not the same ones; models.vocabulary: joint lets each read the other's text in its own tokens"
        case .noTemplate(let model):
            "the file of model \(model) names no chat format that is known; give one with"
                + " `template:` under `generation:` (or --template, or --raw for text as it is): "
                + ChatTemplate.allCases.map(\.rawValue).joined(separator: ", ")
        case .noCommand(let model, let marker, let template):
            "the chat format \(template) is made of \(marker), which is no command of model \(model)'s vocabulary; give with"
                + " `template:` under `generation:` (or --template) a format that the model knows, or raw (--raw) for text as it is"
        case .startedAnswer(let model, let start, let template):
            "the chat program of model \(model) starts the answer with \(start.debugDescription), which is not supported;"
                + " to leave that out, give `template: \(template)` under `generation:` (or --template \(template)),"
                + " or raw (--raw) for text as it is"
        case .unknownTemplate(let name):
            "unknown chat format \"\(name)\"; expected one of "
                + (ChatTemplate.allCases.map(\.rawValue) + ["raw"]).joined(separator: ", ")
        case .emptySplit(let name): "\(name) has no rows to run"
        case .noScores(let cell):
            "\(cell): no calibration question has an answer, so the quantiles are not known; give"
                + " other questions under `calibration:`, or the thresholds as numbers"
        case .needsTask(let policy):
            "\(policy): rows are the most frequent tokens of a task's training split, and there is no task here; leave rows out, or run a sweep"
        case .needsGrades(let policy):
            "policy \(policy) chooses the answer that is right, and here nothing is graded: run it in a sweep"
        case .noRouters(let spec):
            "\(spec) names no routers to train; list them under `routers:`"
        case .unknownRouter(let name, let known):
            "the spec has no router \"\(name)\"; it has \(known.joined(separator: ", "))"
        case .noRouter(let name, let places, let known):
            "router \(name): there is no \(places.joined(separator: ", nor ")); there "
                + (known.isEmpty
                    ? "are no trained routers" : "are \(known.joined(separator: ", "))")
                + "; `citer train` makes those that a spec names"
        case .router(let name, let reason): "router \(name): \(reason)"
        case .routerFolder(let path, let reason):
            "\(path): trained routers can't be written there: \(reason); name another folder with --output,"
                + " or copy the spec to a folder of your own"
        case .routerLayer(let router, let layer, let layers):
            "router \(router) looks at the small model after layer \(layer); expected 1 to \(layers - 1), since it has "
                + "\(layers): change \"layer\", or take the input hidden for the last one"
        case .judgeLayer(let judge, let layer, let layers):
            "judge \(judge) looks at the large model after layer \(layer); expected 1 to \(layers - 1), since it has "
                + "\(layers): change \"layer\", or take the input llm-hidden for the last one"
        }
    }
}
