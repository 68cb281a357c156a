import Schemas

extension SweepSpec {
    /// The spec of `text`, or everything that is wrong with it.
    ///
    /// - Parameters:
    ///   - file: the path that messages name and that included paths are relative to.
    ///   - overrides: `key.key=value` each, as `--set` takes them.
    ///   - known: what the spec's names may refer to.
    ///   - include: the text of an included file.
    /// - Throws: every error at once, each with its place: those of the file first, then those of
    ///   included files, then those of overrides.
    package static func parse(
        text: String, file: String, overrides: [String] = [], known: SpecNames,
        include: (_ path: String) -> Result<String, IncludeFailure> = { _ in
            .failure(IncludeFailure(reason: "no files are read here"))
        }
    ) throws(SpecErrors) -> SweepSpec {
        let joined = SpecInclusion.join(text: text, file: file, read: include)
        var problems = joined.problems
        guard var root = joined.root else { throw sorted(problems, files: joined.files) }
        let overridden = SpecOverrides.apply(overrides, to: root)
        root = overridden.root
        problems += overridden.problems
        problems += SpecSchema.spec.problems(in: root, path: "").filter {
            // What is missing may stand in the file that could not be included.
            if !joined.isComplete, case SchemaFact.missingKey? = $0.fact as? SchemaFact {
                return false
            }
            return true
        }
        let expansion = PolicyExpansion(root, names: known)
        problems += expansion.problems
        var check = SpecCheck(names: known)
        var spec = check.spec(root, settings: expansion.settings)
        spec?.remarks = overridden.remarks
        // As it was written, comments and all, where nothing was joined to it.
        let isOwn = joined.files.count == 1 && overrides.isEmpty
        spec?.text = isOwn ? text : SpecText(root.without("include")).text
        problems += check.problems
        problems = problems.map { $0.hiding(check.secrets) }
        guard problems.isEmpty, let spec else { throw sorted(problems, files: joined.files) }
        return spec
    }

    /// The spec in the file at `path`, with the files it includes.
    package static func load(
        path: String, overrides: [String] = [], known: SpecNames
    ) throws(SpecErrors) -> SweepSpec {
        switch read(path) {
        case .success(let text):
            return try parse(
                text: text, file: path, overrides: overrides, known: known, include: read)
        case .failure(let failure):
            throw SpecErrors([
                Diagnostic(YAMLFact.unreadable(failure.reason), at: .top(of: path))
            ])
        }
    }

    private static func read(_ path: String) -> Result<String, IncludeFailure> {
        do throws(YAMLFile.Unreadable) {
            return .success(try YAMLFile.text(at: path))
        } catch {
            return .failure(IncludeFailure(reason: error.reason))
        }
    }

    private static func sorted(_ problems: [Diagnostic], files: [String]) -> SpecErrors {
        func rank(_ diagnostic: Diagnostic) -> [Int] {
            let place = diagnostic.location
            let origin: Int =
                switch place.origin {
                case .file(let path): files.firstIndex(of: path) ?? files.count
                case .override: files.count + 1
                }
            return [origin, place.line, place.column]
        }
        // A text of nothing but errors must not cost the square of its length.
        var seen: Set<[AnyHashable]> = []
        let unique = problems.filter { problem in
            let place = problem.location
            return seen.insert([place.label, place.column, AnyHashable(problem.fact)]).inserted
        }
        let order = unique.enumerated().sorted { a, b in
            let (left, right) = (rank(a.element) + [a.offset], rank(b.element) + [b.offset])
            return left.lexicographicallyPrecedes(right)
        }
        return SpecErrors(order.map(\.element))
    }
}

extension Diagnostic {
    /// The same without the line that it stands in, where that holds one of `secrets`.
    fileprivate func hiding(_ secrets: [String]) -> Diagnostic {
        guard secrets.contains(where: location.text.contains) else { return self }
        return Diagnostic(fact, at: location.withoutText, suggestion: suggestion)
    }
}
