import Foundation
import Hashing
import Routing

/// How a method looks wherever it is drawn: one colour, one sign and one kind of line in all figures and pages.
///
/// The place in the palette follows from the policy's place in Routing's table and from its keep rule's in theirs, not from a list of names of its own: a
/// new policy at the table's end gets a look without a line here. Methods that only a spec names (ablations, other options of drafts) have no
/// place in a table; they start at one given by their name, so that they look alike wherever they occur, and take the next free one where another
/// method of the same experiment has it. So a policy's look is the same in the whole project, and no two methods of an experiment look alike.
struct MethodStyle: Hashable, Sendable {
    /// The sign at each setting.
    enum Marker: String, CaseIterable, Hashable, Sendable {
        case square, circle, triangle, inverted, diamond
        case openSquare, openCircle, openTriangle, openInverted, openDiamond
        case plus, cross, star
        /// The single models' alone.
        case pentagon, openPentagon
    }

    /// The line between settings.
    enum Dash: String, Hashable, Sendable {
        /// Nobody judges what the small model writes.
        case solid
        /// The large model judges it.
        case dashed
        /// A method that only its spec names.
        case dotted
    }

    /// `#RRGGBB`.
    let colour: String
    let marker: Marker
    let dash: Dash

    /// Of the model that writes alone.
    static let slm = MethodStyle(colour: "#666666", marker: .openPentagon, dash: .solid)
    static let llm = MethodStyle(colour: "#000000", marker: .pentagon, dash: .solid)
    /// What a figure shows without naming it.
    static let other = MethodStyle(colour: "#D0D0D0", marker: .openCircle, dash: .solid)

    /// The looks of an experiment's methods by their names, as the view `curve` has them (`citer`, `max-prob, keep strict, most 7`), in the experiment's order.
    ///
    /// Pass all methods of the experiment, so that each looks the same in everything that shows some of them. O(methods).
    static func styles(of methods: [String]) -> [String: MethodStyle] {
        var styles = [PolicyDefinition.slm.name: slm, PolicyDefinition.llm.name: llm]
        var taken: Set<Int> = []
        func give(_ place: Int, to name: Name) {
            styles[name.text] = MethodStyle(place: place, dash: name.dash)
            taken.insert(place)
        }
        let names = methods.map(Name.init).filter { styles[$0.text] == nil }
        // Policies as they are first, then those that a keep rule sets apart, then all others: what has a place in a table keeps it.
        for name in names where name.isPlain { give(name.place, to: name) }
        for name in names where !name.isPlain && name.policy != nil {
            guard styles[name.text] == nil, !taken.contains(name.place) else { continue }
            give(name.place, to: name)
        }
        for name in names where styles[name.text] == nil {
            give(free(from: name.place, taken), to: name)
        }
        return styles
    }

    /// The first free place from `start` round the palette; once all colours are taken they come again, with other signs.
    private static func free(from start: Int, _ taken: Set<Int>) -> Int {
        let count = palette.count
        for lap in 0... {
            for step in 0..<count where !taken.contains(lap * count + (start + step) % count) {
                return lap * count + (start + step) % count
            }
        }
        preconditionFailure("a set of places has an end")
    }

    /// Chosen by a search for the largest least distance (OKLab) of any two, seen with full colour vision and with either kind of red-green blindness, all of them dark
    /// enough for white paper. In the order of the policies, so that those often drawn together lie farthest apart.
    static let palette = [
        "#C3B400", "#1E5A00", "#3CC3E1", "#FF0F69", "#784BA5", "#A578B4", "#6996FF",
        "#FF8796", "#3C0096", "#0F69FF", "#69004B", "#1E8700", "#B40069", "#0000E1",
    ]

    /// The signs of methods: all but the single models'.
    private static let markers = Marker.allCases.filter { $0 != .pentagon && $0 != .openPentagon }

    /// Colours and signs are of numbers without a common factor, so a pair comes back only after all others.
    private init(place: Int, dash: Dash) {
        colour = Self.palette[place % Self.palette.count]
        marker = Self.markers[place % Self.markers.count]
        self.dash = dash
    }

    private init(colour: String, marker: Marker, dash: Dash) {
        self.colour = colour
        self.marker = marker
        self.dash = dash
    }

    /// Those whose place counts.
    private static let policies = PolicyDefinition.all.filter { policy in
        if case .single = policy.role { false } else { true }
    }

    /// A method's name, taken apart.
    private struct Name {
        let text: String
        /// Among the policies that are no single model; nil for a method that only its spec names.
        let policy: Int?
        /// Among the keep rules; nil where the policy keeps what it keeps.
        let keep: Int?
        let isPlain: Bool

        init(_ text: String) {
            self.text = text
            let words = text.components(separatedBy: ", ")
            policy = MethodStyle.policies.firstIndex { $0.name == words[0] }
            keep =
                words.dropFirst().compactMap { word -> Int? in
                    let parts = word.split(separator: " ")
                    guard parts.count > 1, parts[0] == PolicyParameter.keep.name else { return nil }
                    return KeepDefinition.all.firstIndex { $0.name == parts[1] }
                }.first
            isPlain = policy != nil && words.count == 1
        }

        /// In the palette.
        var place: Int {
            guard let policy else {
                var hash = KeyedHash(seed: 0)
                hash.mix(text)
                return Int(hash.value % UInt64(MethodStyle.palette.count))
            }
            // Three places from rule to rule: the rules in use stay apart from each other and from drafting policies.
            return (policy + 3 * (keep ?? 0)) % MethodStyle.palette.count
        }

        var dash: Dash {
            guard let policy else { return keep == nil ? .dotted : .dashed }
            return keep == nil && !MethodStyle.policies[policy].isDrafted ? .solid : .dashed
        }
    }
}
