import Foundation

/// Files that are too large or not ours to keep beside the tests, found through the environment.
///
/// A test that needs one is enabled only if `path` finds it, so that it shows up as skipped
/// otherwise.
package enum ExternalFiles {
    /// The directory that an environment variable names.
    package enum Place: String, Sendable {
        /// Model files under their published names.
        case models = "CITER_MODELS"
        /// Data sets.
        case data = "CITER_DATA"
        /// What other programs computed.
        case reference = "CITER_REFERENCE"
    }

    /// The path of `name` in `place`, or nil if the variable is not set or the file is not there.
    package static func path(_ name: String, in place: Place) -> String? {
        guard let directory = ProcessInfo.processInfo.environment[place.rawValue] else {
            return nil
        }
        let path = directory + "/" + name
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }
}

/// The folder of Package.swift.
package let checkoutRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
