import Generation
import Inference
import ResultsStore
import Routing
import Tokenization

/// A pair as generation sees it: two models of one vocabulary, or two of a joint one.
enum PairDecoders {
    case shared(ModelPair)
    case joint(ModelPair, JointVocabulary, small: JointModel<Model>, large: JointModel<Model>)

    init(_ pair: ModelPair) {
        self =
            if let joint = pair.header.joint {
                .joint(
                    pair, joint,
                    small: JointModel(pair.small.model, isLarge: false, vocabulary: joint),
                    large: JointModel(pair.large.model, isLarge: true, vocabulary: joint))
            } else {
                .shared(pair)
            }
    }

    /// The prompt's tokens. Each model of a joint pair is prompted in its own chat format.
    func prompt(system: String?, user: String) -> [Int32] {
        switch self {
        case .shared(let pair):
            return pair.large.prompt(
                system: system, user: user, template: pair.header.template)
        case .joint(let pair, _, let small, _):
            let ids = pair.large.prompt(
                system: system, user: user, template: pair.header.template)
            let own = pair.small.prompt(
                system: system, user: user,
                template: pair.header.small.template ?? pair.header.template)
            small.prompt(ids, as: own)
            return ids
        }
    }

    /// The text of an answer.
    func decode(_ ids: [Int32]) -> String {
        switch self {
        case .shared(let pair): pair.large.tokenizer.decode(ids)
        case .joint(_, let vocabulary, _, _): vocabulary.decode(ids)
        }
    }

    /// Answers what is missing of cells.
    func run(
        _ cells: [Cell], over set: QuestionSet, in context: SweepContext,
        _ attempt: RowID<AttemptRecord>, fused: Bool, batch: Int, _ progress: SweepProgress
    ) throws -> SweepSummary {
        func run<M: NextTokenModel>(_ models: Pair<M>) throws -> SweepSummary {
            try SweepRun(
                context: context, models: models, attempt: attempt, fused: fused,
                batch: batch, progress: progress
            ).run(cells, over: set)
        }
        return switch self {
        case .shared(let pair): try run(pair.models)
        case .joint(_, _, let small, let large): try run(Pair(slm: small, llm: large))
        }
    }
}

extension ModelHeader {
    /// What another model needs to read this one's text.
    var textTokens: TextTokens {
        let tokenizer = tokenizer
        return TextTokens(
            count: config.vocabulary, named: tokenizer.vocabularyCount,
            bytes: { tokenizer.bytes(of: $0) }, isControl: { tokenizer.isControl($0) },
            encode: { tokenizer.encode($0, parseSpecial: false) })
    }
}
