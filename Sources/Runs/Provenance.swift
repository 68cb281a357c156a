import Foundation
import Inference
import Platform
import ResultsStore

/// Where and by what a run is made; none of it decides a text.
enum Provenance {
    static func attempt(
        purpose: String, experiment: RowID<ExperimentRecord>, processor: Processor, spec: String,
        shard: Shard?, fused: Bool, configuration: SharedFacts? = nil, inputs: [String: String],
        secrets: Set<String> = []
    ) -> AttemptRecord {
        var environment = ProcessInfo.processInfo.environment.filter { key, _ in
            (key.hasPrefix("CITER_") || key.hasPrefix("SLURM_")) && !secrets.contains(key)
        }
        environment["fused"] = fused ? "yes" : "no"
        environment[SharedFacts.attemptKey] = configuration?.note
        let git = gitState()
        return AttemptRecord(
            purpose: purpose, experiment: experiment, programVersion: ProgramVersion.text,
            commit: git?.commit, dirty: git?.dirty, host: ProcessInfo.processInfo.hostName,
            cpu: "\(processorName()), \(processor.instructions.rawValue)",
            threads: processor.threads, command: CommandLine.arguments.joined(separator: " "),
            shard: shard?.description, spec: spec, inputs: inputs, environment: environment)
    }

    private static func processorName() -> String {
        #if os(macOS)
            var size = 0
            let name = "machdep.cpu.brand_string"
            guard sysctlbyname(name, nil, &size, nil, 0) == 0, size > 0 else {
                return "unknown processor"
            }
            var bytes = [UInt8](repeating: 0, count: size)
            guard sysctlbyname(name, &bytes, &size, nil, 0) == 0 else {
                return "unknown processor"
            }
            return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        #else
            let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            let line = info.split(separator: "\n").first { $0.hasPrefix("model name") }
            return line?.split(separator: ":").last.map {
                $0.trimmingCharacters(in: .whitespaces)
            } ?? "unknown processor"
        #endif
    }

    /// The commit of the working directory and whether files differ from it; nil outside a checkout.
    private static func gitState() -> (commit: String, dirty: Bool)? {
        guard let commit = output(of: ["git", "rev-parse", "HEAD"]),
            let status = output(of: ["git", "status", "--porcelain", "--untracked-files=no"])
        else { return nil }
        return (commit, !status.isEmpty)
    }

    private static func output(of command: [String]) -> String? {
        let outcome = SystemCommandRunner().run(Command(command, output: .result))
        guard case .exited(status: 0, let output, _) = outcome else { return nil }
        return output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
