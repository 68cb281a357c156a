import Platform

/// Why a sweep could not be given to Slurm.
package enum SlurmError: ReportableError, Equatable {
    /// There is no such command.
    case absent(command: String)
    /// It said no.
    case refused(command: String, status: Int32, complaint: String)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { true }

    /// What was found and what to do.
    package var description: String {
        switch self {
        case .absent(let command):
            "\(command): not found; run this on a machine of a Slurm cluster, or leave out --launcher slurm"
        case .refused(let command, let status, let complaint):
            "\(command) ended with status \(status): \(complaint)"
        }
    }
}
