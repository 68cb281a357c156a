import Foundation

/// The folders that names are looked up in: models and data sets in `models.yaml` and
/// `datasets.yaml`, own tasks in `tasks/`, trained routers in `routers/`, own calibration questions
/// in `calibration/`. What a nearer folder has hides what a farther one calls the same.
package enum ExperimentFolders {
    /// The folders that are there, nearest first: the spec's own, `experiments` in the current
    /// directory, and `experiments` of the program's home.
    ///
    /// So a command works from any directory, and a user's own files extend what is there already.
    package static func paths(
        spec: String? = nil, program: String? = runningProgram
    ) -> [String] {
        let beside = spec.map { folder(of: $0) }
        let own = program.flatMap(home(of:)).map { "\($0)/experiments" }
        var seen: Set<String> = []
        return [beside, "experiments", own].compactMap(\.self).filter { path in
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
                isDirectory.boolValue
            else { return false }
            return seen.insert(URL(fileURLWithPath: path).resolvingSymlinksInPath().path).inserted
        }
    }

    /// The folder that a file is in; `.` for a bare name.
    package static func folder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// The folder with what belongs to a program: of the folders above it the nearest that has the catalogue, as the checkout that it was built in, or of which
    /// `share/citer` has it, as `/usr` where it was installed as `/usr/bin/citer`.
    package static func home(of program: String) -> String? {
        var folder = URL(fileURLWithPath: program).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            for home in [folder, folder.appendingPathComponent("share/citer")] {
                let catalog = home.appendingPathComponent("experiments/models.yaml").path
                if FileManager.default.fileExists(atPath: catalog) { return home.path }
            }
        }
        return nil
    }

    /// The program that runs.
    package static var runningProgram: String? {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? Bundle.main.executablePath
    }
}
