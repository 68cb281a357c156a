/// Names of experiments and the files that are called after them: one rule for both.
///
/// An experiment `NAME` is kept in `NAME.sqlite`, and its page, tables and figures are in the folder `NAME`. The runs that its
/// thresholds are taken from are an experiment of their own in the same database, `NAME calibration`.
package enum ExperimentName {
    /// What a name may be, in words.
    package static let form =
        "a name of at most 64 letters, digits, \".\", \"_\" and \"-\" that begins with a letter or digit"

    private static let calibration = " calibration"

    /// Whether a name becomes the name of a file as it is, on any machine.
    package static func isRight(_ name: String) -> Bool {
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            isLetterOrDigit(scalar) || "._-".unicodeScalars.contains(scalar)
        }
        guard let first = name.unicodeScalars.first else { return false }
        return isPlain && isLetterOrDigit(first) && name.utf8.count <= 64
    }

    /// What else is kept under an experiment's name in the folder of results; nil if nothing is.
    package static func conflict(_ name: String) -> String? {
        switch name.lowercased() {
        case "labels": "results/labels.sqlite keeps what both models said of training questions"
        case "readme": "results/README.md is the page of all experiments"
        case "answers": "results/answers.json keeps the answers of all experiments"
        case let name where name.contains(".shard-"):
            "results/NAME.shard-I-of-N.sqlite is a part of a sweep over several machines"
        default: nil
        }
    }

    /// The experiment that keeps the calibration runs of `name`.
    package static func calibration(of name: String) -> String { name + calibration }

    /// The experiment in whose database `name` is: itself, or the one that it calibrates.
    package static func owner(of name: String) -> String {
        isCalibration(name) ? String(name.dropLast(calibration.count)) : name
    }

    /// Whether an experiment holds calibration runs.
    package static func isCalibration(_ name: String) -> Bool { name.hasSuffix(calibration) }

    /// The name that files of any text's are called by: everything but letters, digits, `.`, `=`, `_` and `-` becomes an underscore.
    package static func stem(_ name: String) -> String {
        let safe = name.unicodeScalars.map { scalar in
            isLetterOrDigit(scalar) || ".=_-".unicodeScalars.contains(scalar)
                ? Character(scalar) : Character("_")
        }
        // Also for an empty name, and for `.` and `..`, which are folders.
        return safe.allSatisfy { $0 == "." } ? "_" : String(safe)
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }
}
