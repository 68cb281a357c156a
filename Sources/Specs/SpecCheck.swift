import Assets
import ResultsStore
import Routing
import Schemas
import Servers

/// Checks what a schema cannot know, and builds the spec.
///
/// What has the wrong form is skipped here: the schema has reported it.
struct SpecCheck {
    let names: SpecNames
    private(set) var problems: [Diagnostic] = []
    /// Texts that may be keys, which no message repeats.
    private(set) var secrets: [String] = []

    init(names: SpecNames) {
        self.names = names
    }

    /// The spec; nil if a required part is missing or wrong.
    mutating func spec(_ root: YAMLNode, settings: [PolicySetting]) -> SweepSpec? {
        checkName(root["experiment"], "experiment")
        checkConflict(root["experiment"])
        for ablation in root["ablations"]?.elements ?? [] {
            checkName(ablation["name"], "the name of an ablation")
        }
        checkSlurm(root["slurm"])
        checkModel(root["models"]?["slm"])
        checkModel(root["models"]?["llm"])
        let task = checkTask(root["task"])
        let calibration = checkCalibration(root, task: task, settings: settings)
        guard let experiment = root["experiment"]?.text,
            let models = SweepSpec.Models(root["models"]),
            let taskNode = root["task"], let taskName = taskNode["name"]?.text,
            let split = taskNode["split"]?.text,
            let maxTokens = root["generation"]?["max_tokens"]?.integer
        else { return nil }
        return SweepSpec(
            experiment: experiment, question: root["question"]?.text,
            hypothesis: root["hypothesis"]?.text,
            models: models,
            task: SweepSpec.Task(
                name: taskName, split: split, language: taskNode["language"]?.text,
                parts: parts(of: taskNode), rows: rows(of: taskNode, default: nil)),
            generation: SweepSpec.Generation(
                maxTokens: maxTokens, seed: root["generation"]?["seed"]?.integer ?? 0,
                template: root["generation"]?["template"]?.text),
            calibration: calibration, routers: routers(root, task: task),
            judges: (root["routers"]?.elements ?? []).compactMap(JudgePlan.init),
            launchers: LauncherSettings(root), run: SweepSpec.Run(root["run"]),
            settings: settings)
    }

    private mutating func routers(_ root: YAMLNode, task: SpecNames.Task?) -> [RouterPlan] {
        var plans: [RouterPlan] = []
        var named: Set<String> = []
        for element in root["routers"]?.elements ?? [] {
            checkName(element["name"], "the name of a router")
            checkKind(element)
            let judge = JudgePlan(element)
            let plan = RouterPlan(element)
            guard let name = judge?.name ?? plan?.name else { continue }
            if !named.insert(name).inserted {
                problems.append(
                    Diagnostic(
                        SpecFact.routerTwice(name), at: element.location))
            }
            if let task { checkSplit(element["split"], of: task) }
            if let split = judge?.split ?? plan?.split, root["task"]?["split"]?.text == split {
                problems.append(
                    Diagnostic(
                        SpecFact.routerLearnsFromTask(name, split: split),
                        at: element["split"]?.location ?? element.location))
            }
            if judge != nil, let models = SweepSpec.Models(root["models"]),
                let lack = models.lackOfJudge(name)
            {
                problems.append(Diagnostic(lack, at: element.location))
            }
            guard let plan else { continue }
            if plan.inputs.contains(.prompt) && plan.policy.scope != .question {
                problems.append(
                    Diagnostic(
                        SpecFact.promptInput(router: plan.name, kind: plan.policy.name),
                        at: element["inputs"]?.location ?? element.location))
            }
            if plan.inputs.contains(where: \.isOfOneToken)
                && plan.policy.scope != .token
            {
                problems.append(
                    Diagnostic(
                        SpecFact.tokenInput(router: plan.name, kind: plan.policy.name),
                        at: element["inputs"]?.location ?? element.location))
            }
            if let models = SweepSpec.Models(root["models"]),
                let lack = models.lack(
                    { plan.policy.needs(of: $0).union(Capability.ofLabels) },
                    for: .router(plan.name))
            {
                problems.append(Diagnostic(lack, at: element.location))
            }
            plans.append(plan)
        }
        return plans
    }

    /// Judges and routers that decide before a token have keys and inputs that the others do not have.
    private mutating func checkKind(_ element: YAMLNode) {
        guard let kind = element["kind"]?.text,
            kind == Router.judgeKind || PolicyDefinition.named(kind)?.isTrained == true,
            case .mapping(let entries) = element.content
        else { return }
        let isJudge = kind == Router.judgeKind
        let foreign = isJudge ? JudgePlan.foreignKeys : JudgePlan.ownKeys
        for entry in entries where foreign.contains(entry.key) {
            problems.append(
                Diagnostic(SpecFact.foreignRouterKey(entry.key, kind: kind), at: entry.location))
        }
        for input in element["inputs"]?.elements ?? [] {
            guard let known = input.text.flatMap(RouterInput.init),
                !(isJudge ? known.isOfDraft : known.isOfStep)
            else { continue }
            let own = RouterInput.allCases.filter { isJudge ? $0.isOfDraft : $0.isOfStep }
            problems.append(
                Diagnostic(
                    SpecFact.foreignInput(
                        known.rawValue, kind: kind, expected: own.map(\.rawValue)),
                    at: input.location))
        }
    }

    /// A name becomes part of a path.
    private mutating func checkName(_ node: YAMLNode?, _ subject: String) {
        guard let node, let name = node.text, !name.isEmpty else { return }
        if !ExperimentName.isRight(name) {
            problems.append(
                Diagnostic(
                    SpecFact.badName(String(name.prefix(80)), of: subject),
                    at: node.location))
        }
    }

    /// What Slurm is asked for stands in the head of a shell script, where a second line would be a command.
    private mutating func checkSlurm(_ node: YAMLNode?) {
        var texts = ["partition", "time", "memory"].map { ($0, node?[$0]) }
        texts += (node?["options"]?.elements ?? []).map { ("options", $0) }
        for (key, value) in texts {
            guard let value, let text = value.text else { continue }
            if text.unicodeScalars.contains(where: {
                [.control, .lineSeparator, .paragraphSeparator].contains(
                    $0.properties.generalCategory)
            }) {
                problems.append(
                    Diagnostic(SpecFact.severalLines(key: "slurm.\(key)"), at: value.location))
            }
        }
    }

    /// The experiment's name is that of its database, beside others.
    private mutating func checkConflict(_ node: YAMLNode?) {
        guard let node, let name = node.text, let conflict = ExperimentName.conflict(name) else {
            return
        }
        problems.append(
            Diagnostic(SpecFact.takenName(conflict: conflict), at: node.location))
    }

    /// A model behind a server, as far as can be told without asking it.
    private mutating func checkServer(_ node: YAMLNode) {
        if let address = node["server"], let text = address.text {
            do throws(ServerAddressFault) {
                _ = try ServerAddress(text)
            } catch {
                problems.append(
                    Diagnostic(SpecFact.badAddress(error.description), at: address.location))
            }
        }
        // What stands there may be the key itself, which no message repeats.
        if let key = node["key"], let name = key.text, !ServerSettings.isVariable(name) {
            problems.append(Diagnostic(SpecFact.badKeyVariable, at: key.location))
            secrets.append(name)
        }
        checkModel(node["tokenizer"])
    }

    private mutating func checkModel(_ node: YAMLNode?) {
        if let node, case .mapping = node.content { return checkServer(node) }
        guard let node, let name = node.text, !name.isEmpty else { return }
        if AssetCatalog.isPath(name) {
            guard !names.fileExists(name) else { return }
            problems.append(Diagnostic(SpecFact.noModelFile(name), at: node.location))
        } else if !names.models.contains(name) {
            problems.append(
                Diagnostic(
                    SpecFact.unknownModel(name, known: names.models), at: node.location,
                    suggestion: closestMatch(to: name, in: names.models)))
        }
    }

    private mutating func checkTask(_ node: YAMLNode?) -> SpecNames.Task? {
        guard let node else { return nil }
        if let seed = node["seed"], node["limit"] == nil {
            problems.append(
                Diagnostic(
                    SpecFact.seedWithoutLimit, at: seed.location))
        }
        guard node["of"] == nil else { return checkMixture(node) }
        return checkSingleTask(node, split: node["split"])
    }

    /// The parts' common splits stand for the mixture's.
    private mutating func checkMixture(_ node: YAMLNode) -> SpecNames.Task? {
        checkName(node["name"], "the name of a mixture")
        if let language = node["language"] {
            problems.append(
                Diagnostic(
                    SpecFact.languageOfMixture, at: language.location))
        }
        guard let name = node["name"]?.text else { return nil }
        let parts = checkParts(node, split: node["split"])
        let common = parts.first?.splits.filter { split in
            parts.allSatisfy { $0.splits.contains(split) }
        }
        return SpecNames.Task(name: name, splits: common ?? [])
    }

    private mutating func checkParts(_ node: YAMLNode?, split: YAMLNode?) -> [SpecNames.Task] {
        var tasks: [SpecNames.Task] = []
        for part in node?["of"]?.elements ?? [] {
            if let task = checkSingleTask(part, split: part["split"] ?? split) {
                tasks.append(task)
            }
        }
        return tasks
    }

    private func parts(of node: YAMLNode?) -> [SweepSpec.Part] {
        (node?["of"]?.elements ?? []).compactMap(SweepSpec.Part.init)
    }

    private mutating func checkSingleTask(_ node: YAMLNode, split: YAMLNode?) -> SpecNames.Task? {
        guard let name = node["name"], let word = name.text else { return nil }
        guard let task = names.tasks.first(where: { $0.name == word }) else {
            let known = names.tasks.map(\.name)
            problems.append(
                Diagnostic(
                    SpecFact.unknownTask(word, known: known),
                    at: name.location, suggestion: closestMatch(to: word, in: known)))
            return nil
        }
        checkSplit(split, of: task)
        switch (node["language"], task.languages.isEmpty) {
        case (nil, true): break
        case (nil, false):
            problems.append(
                Diagnostic(
                    SchemaFact.missingKey(
                        "language", in: "task",
                        expected: "\(word) has \(task.languages.joined(separator: ", "))"),
                    at: node.location))
        case (let language?, true):
            problems.append(
                Diagnostic(SpecFact.noLanguages(task: word), at: language.location))
        case (let language?, false):
            guard let code = language.text, !task.languages.contains(code) else { break }
            problems.append(
                Diagnostic(
                    SpecFact.unknownLanguage(code, task: word, known: task.languages),
                    at: language.location,
                    suggestion: closestMatch(to: code, in: task.languages)))
        }
        return task
    }

    private mutating func checkSplit(_ node: YAMLNode?, of task: SpecNames.Task) {
        guard let node, let split = node.text, !task.splits.contains(split) else { return }
        problems.append(
            Diagnostic(
                SpecFact.unknownSplit(split, task: task.name, known: task.splits),
                at: node.location,
                suggestion: closestMatch(to: split, in: task.splits)))
    }

    private mutating func checkCalibration(
        _ root: YAMLNode, task: SpecNames.Task?, settings: [PolicySetting]
    ) -> SweepSpec.Calibration? {
        let node = root["calibration"]
        let isMixture = root["task"]?["of"] != nil || node?["of"] != nil
        if isMixture {
            checkMixedCalibration(root)
        } else if let task {
            checkSplit(node?["split"], of: task)
        }
        let isNeeded = settings.contains {
            if case .quantile = $0.threshold { true } else { false }
        }
        guard isNeeded || node != nil else { return nil }
        let split = node?["split"]?.text ?? "train"
        let place = node?["split"]?.location ?? node?.location ?? root["policies"]?.location
        if !isMixture, let task, let place,
            task.splits.contains(split) || node?["split"] == nil
        {
            // Thresholds chosen on the questions they are judged by would flatter them.
            if root["task"]?["split"]?.text == split {
                problems.append(
                    Diagnostic(
                        SpecFact.calibratedOnTask(split: split), at: place))
            } else if !task.splits.contains(split) {
                problems.append(
                    Diagnostic(
                        SpecFact.noCalibrationSplit(task: task.name), at: place))
            }
        }
        guard isNeeded else { return nil }
        return SweepSpec.Calibration(
            split: split, parts: parts(of: node),
            rows: node.map { rows(of: $0, default: 50) } ?? .first(50))
    }

    /// A mixture's parts must have the calibration's split, and none may be calibrated on what it is judged by.
    private mutating func checkMixedCalibration(_ root: YAMLNode) {
        let own = root["calibration"]?["of"] == nil ? root["task"] : root["calibration"]
        let split = root["calibration"]?["split"]
        if root["calibration"]?["of"] != nil || split != nil {
            _ = checkParts(own, split: split)
        }
        func resolved(_ parts: [SweepSpec.Part], _ common: String?) -> [[String?]] {
            parts.map { [$0.name, $0.language, $0.split ?? common] }
        }
        let judged = resolved(parts(of: root["task"]), root["task"]?["split"]?.text)
        let used =
            root["calibration"]?["of"] == nil
            ? parts(of: root["task"]).map { [$0.name, $0.language, split?.text ?? "train"] }
            : resolved(parts(of: root["calibration"]), split?.text ?? "train")
        if let both = used.first(where: judged.contains), let place = own?.location {
            problems.append(
                Diagnostic(
                    SpecFact.calibratedOnTask(
                        split: both.compactMap(\.self).joined(separator: " ")), at: place)
            )
        }
    }

    private func rows(of node: YAMLNode, default limit: Int?) -> SweepSpec.RowSelection {
        guard let limit = node["limit"]?.integer ?? limit else { return .all }
        return node["seed"]?.integer.map { .sample(limit, seed: $0) } ?? .first(limit)
    }
}
