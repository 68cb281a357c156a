import Foundation
import Specs

/// The two batch scripts of a sweep on a cluster: an array of shards, and what follows it.
///
/// Each task writes its shard's database on its machine's own disk and publishes it beside the others now and then, so a task that is
/// killed, preempted or out of time goes on from there when Slurm starts it again.
struct SlurmJobs {
    let experiment: String
    let settings: SlurmSettings
    /// The command, as an absolute path.
    let program: String
    /// The sweep's arguments that every task shares: the spec and its changes.
    let arguments: [String]
    /// Where results/ and experiments/ are.
    let directory: String

    /// A task that something ends from outside is started again so often.
    private static let mostRestarts = 3
    /// Slurm's warning comes so long before the limit, in seconds.
    private static let warning = 60

    /// Of the scripts and their logs.
    private var folder: String { "\(directory)/results/slurm/\(experiment)" }

    /// The files to write, by path.
    var files: [(path: String, text: String)] {
        [("\(folder)/tasks.sh", tasks), ("\(folder)/merge.sh", merge)]
    }

    var tasksPath: String { files[0].path }
    var mergePath: String { files[1].path }
    /// Where the jobs' numbers are kept for `--status`.
    var jobPath: String { "\(folder)/job" }

    private var tasks: String {
        let array = "1-\(settings.tasks)" + (settings.atOnce.map { "%\($0)" } ?? "")
        let limit = settings.time.map { ["time=\($0)"] } ?? []
        let memory = settings.memory.map { ["mem=\($0)"] } ?? []
        return header(
            "citer-\(experiment)", log: "%A_%a.log",
            ["array=\(array)", "cpus-per-task=\(settings.cpus)"] + limit + memory + [
                "requeue", "open-mode=append", "signal=B:USR1@\(Self.warning)",
            ])
                + """
                # Its own disk, and the same place after a restart on this machine.
                task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
                scratch=${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/citer-$(id -u)-$task
                mkdir -p "$scratch" || exit 1
                echo "task $SLURM_ARRAY_TASK_ID of \(settings.tasks), start ${SLURM_RESTART_COUNT:-0}, on $(hostname)"

                child=
                stop=
                # Near the time limit, or when preempted: finish what can be finished.
                trap 'stop=USR1; kill -s USR1 "$child"' USR1
                trap 'stop=TERM; kill -s TERM "$child"' TERM
                \(command(["sweep"] + arguments)) \\
                    --shard "$SLURM_ARRAY_TASK_ID/\(settings.tasks)" --threads "$SLURM_CPUS_PER_TASK" \\
                    --scratch "$scratch" &
                child=$!
                # A signal that is passed on ends `wait` before the child.
                while wait "$child"; status=$?; kill -s 0 "$child" 2>/dev/null; do :; done

                if [ "$stop" = USR1 ]; then
                    again=yes
                elif [ -z "$stop" ] && [ "$status" -gt 130 ]; then
                    # Killed, as for want of memory; not for ever.
                    [ "${SLURM_RESTART_COUNT:-0}" -ge \(Self.mostRestarts) ] || again=yes
                fi
                if [ "${again:-}" ]; then
                    echo "ended with status $status; starting again"
                    exec scontrol requeue "$task"
                fi
                [ "$status" -ne 0 ] || rm -rf "$scratch"
                exit "$status"

                """
    }

    private var merge: String {
        header("citer-\(experiment)-merge", log: "%j-merge.log", ["cpus-per-task=1"])
            + """
            set -u
            shards=()
            status=0
            for task in $(seq \(settings.tasks)); do
                shard=\(quoted("results/\(experiment)")).shard-$task-of-\(settings.tasks).sqlite
                if [ -e "$shard" ]; then
                    shards+=("$shard")
                else
                    echo "no $shard" >&2
                    status=1
                fi
            done
            [ "${#shards[@]}" -gt 0 ] || exit 1
            \(command(["db", "merge", "results/\(experiment).sqlite"])) "${shards[@]}" || exit
            \(command(["report", experiment])) || status=$?
            # What is missing still, if a task ended early; 0 if nothing.
            \(command(["sweep"] + arguments + ["--status"])) || status=$?
            exit "$status"

            """
    }

    private func header(_ name: String, log: String, _ options: [String]) -> String {
        let partition = settings.partition.map { ["partition=\($0)"] } ?? []
        // Of the log's name sbatch makes another: %A is the job, %% a percent sign.
        let path = "\(folder.replacingOccurrences(of: "%", with: "%%"))/\(log)"
        let own = ["job-name=\(name)", "output=\(path)"] + partition + options
        return "#!/bin/bash\n"
            + (own.map { slurmQuoted("--\($0)") } + settings.options)
            .map { "#SBATCH \($0)\n" }.joined()
            + "\ncd \(quoted(directory)) || exit 1\n"
    }

    private func command(_ words: [String]) -> String {
        ([program] + words).map(quoted).joined(separator: " ")
    }

    /// A word that the shell reads as it is.
    private func quoted(_ word: String) -> String {
        if isPlain(word) && !word.isEmpty { return word }
        return "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    /// A word that sbatch reads as it is: it knows quotes, too, and unlike the shell backslashes within all of them.
    private func slurmQuoted(_ word: String) -> String {
        if isPlain(word) { return word }
        let marked = word.replacingOccurrences(of: "\\", with: "\\\\")
            .replacingOccurrences(of: "\"", with: "\\\"")
        return "\"\(marked)\""
    }

    /// Whether nothing in a word means something to the shell or to sbatch.
    private func isPlain(_ word: String) -> Bool {
        word.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "/._-+=:,@%".unicodeScalars.contains(scalar))
        }
    }
}
