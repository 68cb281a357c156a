import Platform
import Schemas

/// Joins a spec with those it includes.
struct SpecInclusion {
    /// The text of an included file, or why it cannot be read.
    typealias Reader = (_ path: String) -> Result<String, IncludeFailure>

    /// The most files of one spec.
    private static let mostFiles = 64

    private let read: Reader
    private var files: [String] = []
    private var problems: [Diagnostic] = []
    private var isComplete = true

    /// A spec joined with those it includes.
    struct Joined {
        /// The tree; nil if the spec itself is no YAML.
        let root: YAMLNode?
        /// The files in the order they were met.
        let files: [String]
        /// What is wrong with them.
        let problems: [Diagnostic]
        /// Whether every file is in it.
        let isComplete: Bool
    }

    /// The spec of `text` over those it includes.
    static func join(text: String, file: String, read: Reader) -> Joined {
        withoutActuallyEscaping(read) { read in
            var inclusion = SpecInclusion(read: read)
            let root = inclusion.load(text: text, file: file, within: [])
            return Joined(
                root: root, files: inclusion.files, problems: inclusion.problems,
                isComplete: inclusion.isComplete)
        }
    }

    private init(read: @escaping Reader) {
        self.read = read
    }

    private mutating func load(text: String, file: String, within parents: [String]) -> YAMLNode? {
        files.append(file)
        let root: YAMLNode
        do throws(Diagnostics) {
            let (tree, duplicates) = try YAMLReader.read(text, origin: .file(file))
            problems += duplicates
            root = tree
        } catch {
            problems += error.all
            return nil
        }
        guard let include = root["include"] else { return root }
        let paths = include.text != nil ? [include] : include.elements
        var base: YAMLNode?
        for path in paths {
            guard let name = path.text, !name.isEmpty else { continue }
            let target = Self.resolve(name, from: file)
            guard let included = load(path: target, named: path, within: parents + [file]) else {
                isComplete = false
                continue
            }
            base = base.map { Self.merge(included, over: $0) } ?? included
        }
        return base.map { Self.merge(root, over: $0) } ?? root
    }

    private mutating func load(
        path: String, named node: YAMLNode, within parents: [String]
    ) -> YAMLNode? {
        if let start = parents.firstIndex(of: path) {
            let circle = Array(parents[start...]) + [path]
            problems.append(Diagnostic(SpecFact.circle(circle), at: node.location))
            return nil
        }
        // Each file may include the next twice: without a bound that doubles for ever.
        guard files.count < Self.mostFiles else {
            problems.append(
                Diagnostic(SpecFact.tooManyFiles(most: Self.mostFiles), at: node.location))
            return nil
        }
        switch read(path) {
        case .success(let text):
            guard let included = load(text: text, file: path, within: parents) else { return nil }
            // Anything but a mapping would take the place of all that was included before it.
            switch included.content {
            case .mapping: return included
            case .nothing: return YAMLNode(.mapping([]), at: included.location)
            default:
                problems.append(
                    Diagnostic(
                        SpecFact.includedNoMapping(path: path, found: included.summary),
                        at: node.location))
                return nil
            }
        case .failure(let failure):
            problems.append(
                Diagnostic(
                    SpecFact.notIncluded(path: path, reason: failure.reason), at: node.location))
            return nil
        }
    }

    /// `top` over `base`: mappings are joined key by key, null (written out) removes a key, anything
    /// else is replaced.
    private static func merge(_ top: YAMLNode, over base: YAMLNode) -> YAMLNode {
        guard case .mapping(let over) = top.content, case .mapping(var entries) = base.content
        else { return top }
        entries.removeAll { $0.key == "include" }
        for entry in over {
            if let index = entries.firstIndex(where: { $0.key == entry.key }) {
                if entry.value.content == .null {
                    entries.remove(at: index)
                    continue
                }
                entries[index] = YAMLNode.Entry(
                    key: entry.key, location: entry.location,
                    value: merge(entry.value, over: entries[index].value))
            } else {
                entries.append(entry)
            }
        }
        return YAMLNode(.mapping(entries), at: top.location)
    }

    /// `path` relative to the folder of `file`, without `.` and `..` where they can be resolved.
    static func resolve(_ path: String, from file: String) -> String {
        var parts: [Substring] = []
        let isAbsolute = path.hasPrefix("/") || file.hasPrefix("/")
        let folder = path.hasPrefix("/") ? [] : file.split(separator: "/").dropLast()
        for part in Array(folder) + path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else {
                parts.append(part)
            }
        }
        let joined = (isAbsolute ? "/" : "") + parts.joined(separator: "/")
        return joined.isEmpty ? "." : joined
    }
}

/// Why an included file cannot be read.
package struct IncludeFailure: ReportableError, Equatable {
    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { true }

    /// The reason.
    package var description: String { reason }

    /// The reason, in words.
    package let reason: String

    /// It cannot be read for `reason`.
    package init(reason: String) {
        self.reason = reason
    }
}
