import Routing
import Schemas
import Servers

/// Every key a sweep spec may have. Validation, suggestions and the JSON Schema come from here.
enum SpecSchema {
    static let spec = Schema.mapping(
        [
            SchemaKey(
                "include", .axis(of: .text(kind: "a path relative to this file")),
                "Specs to start from; this file's keys go over theirs, and its lists replace theirs"
            ),
            SchemaKey(
                "experiment", name, required: true,
                "The experiment's name; its database is results/<name>.sqlite"),
            SchemaKey(
                "question", .text(kind: "a sentence"), "What the experiment is to find out"),
            SchemaKey("hypothesis", .text(kind: "a sentence"), "What is expected, and why"),
            SchemaKey("models", models, required: true, "The pair"),
            SchemaKey("task", task, required: true, "The questions"),
            SchemaKey("generation", generation, required: true, "How answers are generated"),
            SchemaKey(
                "calibration", calibration,
                "The questions whose scores thresholds given as quantiles are taken from"),
            SchemaKey(
                "policies", .list(of: policy, least: 1), required: true,
                "The routing policies; lists of settings span a grid"),
            SchemaKey(
                "routers", .list(of: router, least: 0),
                "The routers that `citer train` makes, each a file routers/<name>.router beside the spec"
            ),
            SchemaKey(
                "ablations", .list(of: ablation, least: 0),
                "Policies of this spec again, with some settings replaced"),
            SchemaKey("run", run, "How it is run unless the command line says otherwise"),
        ] + LauncherSettings.keys)

    private static let run = Schema.mapping([
        SchemaKey(
            "fuse", .flag,
            "false: every cell by itself, which measures what each costs. true if absent"),
        SchemaKey(
            "batch", .integer(1...4096),
            "At most so many texts at a time; with fuse: false, 1 measures latencies. 32 if absent"),
    ])

    static let name = Schema.text(kind: "a name of letters, digits, \".\", \"_\" and \"-\"")

    private static let model = Schema.either(
        .text(kind: "a model's name or the path of a .gguf file"), .mapping(ServerSettings.keys))

    private static let models = Schema.mapping([
        SchemaKey("slm", model, required: true, "The small model; a mapping: one behind a server"),
        SchemaKey("llm", model, required: true, "The large model; a mapping: one behind a server"),
        SchemaKey(
            "vocabulary", .choice(["shared", "joint"]),
            "shared: both have the same tokens. joint: they need not; each reads the other's text in tokens of its "
                + "own, under policies without routers and drafts. shared if absent"),
    ])

    private static let limit = Schema.integer(1 ... .max)
    private static let seed = Schema.integer(0 ... .max)

    private static let task = Schema.mapping([
        SchemaKey(
            "name", .text(kind: "a task's name"), required: true,
            "The task; with \"of\", what the mixture is called"),
        SchemaKey(
            "of", parts,
            "The tasks of a mixture, asked in turns; its questions are called TASK:ID"),
        SchemaKey(
            "split", .text(kind: "a split's name"), required: true, "The split of its data set"),
        SchemaKey("limit", limit, "At most so many questions; all if absent"),
        SchemaKey(
            "seed", seed,
            "With a limit: a sample drawn with this seed instead of the first questions"),
        SchemaKey(
            "language", .text(kind: "a language's code"),
            "The language, for a task that has several"),
    ])

    private static let parts = Schema.list(
        of: .mapping([
            SchemaKey("name", .text(kind: "a task's name"), required: true, "The task"),
            SchemaKey("split", .text(kind: "a split's name"), "Its split, if not the mixture's"),
            SchemaKey("language", .text(kind: "a language's code"), "The language"),
        ]), least: 1)

    private static let generation = Schema.mapping([
        SchemaKey(
            "max_tokens", .integer(1...131_072), required: true,
            "Most tokens of an answer; a longer one is cut and marked"),
        SchemaKey("seed", seed, "The seed of every random draw; 0 if absent"),
        SchemaKey(
            "template", .choice(["chatml", "llama3", "gemma", "raw"]),
            "The chat format of both models, or raw for none; if absent, what the files state"),
    ])

    private static let calibration = Schema.mapping([
        SchemaKey(
            "split", .text(kind: "a split's name"),
            "A split other than the task's; train if absent"),
        SchemaKey("of", parts, "A mixture's tasks, if not the task's own"),
        SchemaKey("limit", limit, "At most so many questions; 50 if absent"),
        SchemaKey("seed", seed, "A sample drawn with this seed instead of the first questions"),
    ])

    private static let router = Schema.mapping([
        SchemaKey("name", name, required: true, "The router's name, which policies refer to"),
        SchemaKey(
            "kind",
            .choice(PolicyDefinition.all.filter(\.isTrained).map(\.name) + [Router.judgeKind]),
            required: true,
            "What it is trained for: the policy of that name; judge: to decide after the large model's pass which of "
                + "the small one's tokens stay"),
        SchemaKey(
            "architecture", .choice(RouterArchitecture.allCases.map(\.rawValue)),
            "linear; mlp-small: one hidden layer; mlp: the CITER paper's. mlp-small if absent, linear for judges"
        ),
        SchemaKey(
            "inputs", .list(of: .choice(RouterInput.allCases.map(\.rawValue)), least: 1),
            "What it sees of the small model's step; hidden and uncertainty if absent. A judge sees other things: all but "
                + "hidden states if absent"),
        SchemaKey(
            "layer", .integer(1...1000),
            "After how many of the small model's layers the input middle is taken; half of them if absent. Of a judge "
                + "the large model's, for the input llm-middle; eight before the last if absent"
        ),
        SchemaKey(
            "question", .choice(JudgePlan.Question.allCases.map(\.rawValue)),
            "Of a judge: whether the answer is still right, or still the large model's. right if absent"
        ),
        SchemaKey(
            "substitution", .choice(JudgePlan.Substitution.allCases.map(\.rawValue)),
            "Of a judge: tokens are put into the text that harmless changes before have left, or into the large model's "
                + "own. sequence if absent"),
        SchemaKey(
            "validation", .number(NumberRange(0.01, 0.9)),
            "Of a judge: the share of questions held out, on which thresholds are chosen. 0.25 if absent"
        ),
        SchemaKey(
            "labels", .choice(RouterPlan.Labels.allCases.map(\.rawValue)),
            "shortcut: the reference decides where it can; dual: both models' tokens are rolled out wherever they "
                + "differ. shortcut if absent"),
        SchemaKey(
            "lambda", .number(NumberRange(0, 1)),
            "Of dual labels: right answers that calling for a whole answer is worth. 0.1 if absent"),
        SchemaKey(
            "reference", .choice(RouterPlan.Reference.allCases.map(\.rawValue)),
            "Solutions to learn from: the data set's, or the large model's where right; llm if "
                + "absent"),
        SchemaKey(
            "rollouts", .integer(0...1000),
            "At most so many rollouts a question and round; 0 drops the long-term effect. 8 if "
                + "absent"),
        SchemaKey(
            "continuation", .choice(RouterPlan.Continuation.allCases.map(\.rawValue)),
            "Who goes on in the rollouts of the first round; slm if absent"),
        SchemaKey(
            "rounds", .integer(1...10),
            "Most rounds; from the second on the router of the round before goes on. 1 if absent"),
        SchemaKey(
            "split", .text(kind: "a split's name"),
            "The split of the task's data set to learn from; train if absent"),
        SchemaKey("limit", limit, "At most so many questions; 200 if absent"),
        SchemaKey(
            "step", .number(NumberRange(0.000_001, 1)),
            "The optimiser's step size; 0.001 if absent, 0.01 for linear routers"),
        SchemaKey(
            "decay", .number(NumberRange(0, 1000)),
            "How fast weights decay: this times the step size, a step. 0.01 if absent"),
        SchemaKey("seed", seed, "The seed of the sample, the draws and the training; 0 if absent"),
    ])

    private static let policy = Schema.variant(
        PolicyDefinition.all.map(\.variant), kind: "policy")

    private static let ablation: Schema = {
        var keys = [
            SchemaKey("name", name, required: true, "What tables call it"),
            SchemaKey(
                "base", .choice(PolicyDefinition.all.map(\.name)), required: true,
                "The policy of this spec it varies"),
            SchemaKey(
                "flip", .number(NumberRange(0, 1)),
                "The share of decisions, drawn by the seed, that go the other way; for policies that "
                    + "decide token by token with a threshold"),
        ]
        // The settings of any policy; whether the base has them is checked where it is known.
        for key in PolicyDefinition.all.flatMap(\.parameters)
        where !keys.contains(where: { $0.name == key.name }) {
            keys.append(SchemaKey(key.name, key.widestSchema, "Replaces the base's \(key.name)"))
        }
        let options = PolicyDefinition.all.flatMap(\.options)
        for key in options
        where !key.isOfDrafts && !keys.contains(where: { $0.name == key.name }) {
            keys.append(SchemaKey(key.name, key.schema, "Replaces the base's \(key.name)"))
        }
        keys.append(
            SchemaKey(
                PolicyDefinition.draftsKey,
                PolicyDefinition.schema(ofDrafts: PolicyParameter.drafts),
                "Replaces what the base's drafts say of these keys"))
        return .mapping(keys)
    }()
}
