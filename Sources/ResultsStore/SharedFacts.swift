import Foundation
import Hashing

/// What cells of one sweep share: whatever decides their texts but the policy itself.
///
/// Read from a cell's canonical JSON, so that parts which a later program adds count as well. Cells belong together if none of their facts
/// disagree. Some facts not every policy has: `slm` has no large model, only draws have a seed; such a cell goes with any value.
package struct SharedFacts: Equatable, Sendable {
    /// Facts that every policy has, by their place in the canonical JSON, such as `generation.maxTokens`.
    package internal(set) var base: [String: String] = [:]
    /// Facts that some policies lack: the models, the seed, the grader of policies that choose by grades.
    package internal(set) var partial: [String: String] = [:]
    /// SHA-256 of the routers.
    package internal(set) var routers: [RouterPlace: String] = [:]
    /// Methods whose routers are all known: another router's cells of the same method are of another sweep.
    var closed: Set<String> = []

    /// Where a router stands: two sweeps that disagree here cannot be one.
    package struct RouterPlace: Hashable, Comparable, Sendable, Codable {
        /// The ablation's or the policy's name.
        package let method: String
        /// The router's name.
        package let name: String

        /// By method, then by name.
        package static func < (left: RouterPlace, right: RouterPlace) -> Bool {
            (left.method, left.name) < (right.method, right.name)
        }
    }

    /// Members of the canonical JSON that not every cell of a sweep has.
    static let partialPaths: Set<String> = [
        "slmSha256", "llmSha256", "policy.seed", "policy.grader",
    ]

    /// The facts of one cell.
    package init(canonical: String, method: String, router: String?, judge: String? = nil) {
        let object =
            (try? JSONSerialization.jsonObject(with: Data(canonical.utf8))) as? [String: Any]
        for (path, value) in Self.leaves(object ?? [:]) {
            if path == "policy.routerSha256" {
                routers[RouterPlace(method: method, name: router ?? "")] = value
            } else if path == "policy.judgeSha256" {
                routers[RouterPlace(method: method, name: judge ?? "")] = value
            } else if Self.partialPaths.contains(path) {
                partial[path] = value
            } else if !path.hasPrefix("policy.") {
                base[path] = value
            }
        }
    }

    /// A whole sweep's facts: those of its cells, and of its pair and its draws, which some sets of policies do not show. The routers
    /// of its methods are these and no others.
    package init(sweep cells: [SharedFacts], slm: String, llm: String, seed: Int) {
        for cell in cells { add(cell) }
        partial["slmSha256"] = slm
        partial["llmSha256"] = llm
        partial["policy.seed"] = "\(seed)"
        closed = Set(routers.keys.map(\.method))
    }

    private static func leaves(_ object: [String: Any], below path: String = "") -> [(
        String, String
    )] {
        object.flatMap { key, value -> [(String, String)] in
            switch value {
            case let inner as [String: Any]: leaves(inner, below: "\(path)\(key).")
            case let list as [Any]: [(path + key, list.map { "\($0)" }.joined(separator: " "))]
            default: [(path + key, "\(value)")]
            }
        }
    }

    /// Whether a cell of these facts may be one of this sweep's.
    func admits(_ cell: SharedFacts) -> Bool {
        base == cell.base
            && cell.partial.allSatisfy { partial[$0.key] == nil || partial[$0.key] == $0.value }
            && cell.routers.allSatisfy { place, sha256 in
                routers[place].map { $0 == sha256 } ?? !closed.contains(place.method)
            }
    }

    /// Takes over what a cell knows.
    mutating func add(_ cell: SharedFacts) {
        base.merge(cell.base) { own, _ in own }
        partial.merge(cell.partial) { own, _ in own }
        routers.merge(cell.routers) { own, _ in own }
    }

    /// All facts by name, a router's as `router NAME of METHOD`.
    package var all: [String: String] {
        var all = base.merging(partial) { own, _ in own }
        for (place, sha256) in routers {
            all["router \(place.name) of \(place.method)"] = sha256
        }
        return all
    }

    /// A name that equal facts share, 64 hexadecimal digits.
    var key: String {
        let lines = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return SHA256.hexadecimal(of: Data(lines.joined(separator: "\n").utf8))
    }
}

extension SharedFacts {
    /// Where an attempt keeps what its sweep's cells share, among what else it notes of its environment.
    package static let attemptKey = "configuration"

    private struct Note: Codable {
        struct Router: Codable {
            let place: RouterPlace
            let sha256: String
        }
        let base: [String: String]
        let partial: [String: String]
        let routers: [Router]
    }

    /// As an attempt notes it.
    package var note: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let note = Note(
            base: base, partial: partial,
            routers: routers.sorted { $0.key < $1.key }.map { .init(place: $0, sha256: $1) })
        return (try? encoder.encode(note)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// What an attempt noted; nil where it noted nothing that can be read.
    init?(note: String?) {
        guard let note, let read = try? JSONDecoder().decode(Note.self, from: Data(note.utf8))
        else { return nil }
        base = read.base
        partial = read.partial
        routers = Dictionary(read.routers.map { ($0.place, $0.sha256) }) { first, _ in first }
        closed = Set(routers.keys.map(\.method))
    }
}
