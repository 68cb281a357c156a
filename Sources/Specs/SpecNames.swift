package import Assets
import Grading

/// What the names in a spec may refer to.
package struct SpecNames: Sendable {
    /// A task that can be run.
    package struct Task: Equatable, Sendable {
        /// The task's name.
        package let name: String
        /// The splits of its data set.
        package let splits: [String]
        /// The languages of its data set; empty if it has but one.
        package let languages: [String]

        /// A task of `splits`, in each of `languages` if there are any.
        package init(name: String, splits: [String], languages: [String] = []) {
            self.name = name
            self.splits = splits
            self.languages = languages
        }
    }

    /// The models of the catalogue.
    package var models: [String]
    package var tasks: [Task]
    /// The trained routers; nil to accept any name, as training must.
    package var routers: [String]?
    /// The tokens of a model's vocabulary, by the model's name or path; nil where that is not known yet.
    package var vocabulary: @Sendable (String) -> Int? = { _ in nil }
    /// Whether there is a file at a path that a model is given by.
    package var fileExists: @Sendable (String) -> Bool

    /// The names a spec may use.
    package init(
        models: [String], tasks: [Task], routers: [String]?,
        fileExists: @escaping @Sendable (String) -> Bool
    ) {
        self.models = models
        self.tasks = tasks
        self.routers = routers
        self.fileExists = fileExists
    }

    /// The models of `catalog`; the user's own tasks, and the built-in ones that `catalog` has data for or that make their own.
    /// - Throws: `Diagnostics` if a file of a user's task is wrong.
    package init(
        catalog: AssetCatalog, routers: [String]?,
        fileExists: @escaping @Sendable (String) -> Bool
    ) throws {
        let own = try OwnTasks(folders: catalog.folders).definitions.map {
            Task(name: $0.name, splits: $0.splits)
        }
        func unique(_ words: [String]) -> [String] {
            words.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        }
        self.init(
            models: catalog.models.map(\.name),
            tasks: Benchmarks.names.compactMap { name in
                if let dataSet = catalog.dataSets.first(where: { $0.name == name }) {
                    return Task(
                        name: name, splits: unique(dataSet.splits.map(\.name)),
                        languages: unique(dataSet.splits.compactMap(\.language)))
                }
                guard let benchmark = try? Benchmarks.named(name) else { return nil }
                let made = benchmark.splits.filter { split in
                    if case .generated? = try? benchmark.source(of: split) { return true }
                    return false
                }
                return made.isEmpty ? nil : Task(name: name, splits: made)
            } + own,
            routers: routers, fileExists: fileExists)
    }
}
