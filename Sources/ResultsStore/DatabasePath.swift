import Foundation
import Platform

/// Where a database really lies.
///
/// SQLite keeps a write-ahead log beside the name by which a file was opened, and the writer's lock lies there, too. A file with two names,
/// by links or folders that are links, would have two of each; so every name is led back to one.
enum DatabasePath {
    /// What the path is wanted for.
    enum Purpose {
        case reading
        /// Makes missing folders.
        case writing
    }

    /// The one path that all names of a database lead to, which need not exist.
    ///
    /// Throws `.notAFile` for a folder or a device, `.severalNames` for a file to be written whose other hard links can't be found.
    static func real(_ name: String, for purpose: Purpose) throws(StoreError) -> String {
        let target = withoutLinks(name)
        if purpose == .writing { try makeFolder(of: target) }
        let path = withRealFolders(target)
        guard let status = try presence(of: path) else {
            if purpose == .writing { try checkFolder(of: path) }
            return path
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .notAFile(path: path, found: "a folder")
        default: throw .notAFile(path: path, found: "a device, pipe or socket")
        }
        if purpose == .writing {
            try checkFolder(of: path)
            guard machine.access(path, W_OK) == 0 else {
                throw .inputOutput(path: path, message: errorText(errno))
            }
        }
        guard status.st_nlink > 1 else { return path }
        return try firstName(of: path, links: Int(status.st_nlink), for: purpose)
    }

    /// SQLite says no more than that it can't open the file.
    private static func checkFolder(of path: String) throws(StoreError) {
        let folder = (path as NSString).deletingLastPathComponent
        guard machine.access(folder, W_OK | X_OK) == 0 else {
            throw .inputOutput(
                path: folder,
                message:
                    "\(errorText(errno)), and a database needs a folder that can be written"
            )
        }
    }

    /// Whether two paths lead to one file, or would once it exists.
    static func areSame(_ one: String, _ other: String) throws(StoreError) -> Bool {
        let paths = [one, other].map { withRealFolders(withoutLinks($0)) }
        if paths[0] == paths[1] { return true }
        guard let number = try FileNumber(path: paths[0]) else { return false }
        return try number == FileNumber(path: paths[1])
    }

    /// Follows links of the last part, also those that lead to nothing yet, as SQLite does.
    private static func withoutLinks(_ name: String) -> String {
        var path = absolute(name)
        // As many as the kernel follows; a ring is its business to report.
        for _ in 0..<40 {
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
            else { break }
            path =
                target.hasPrefix("/")
                ? target : (path as NSString).deletingLastPathComponent + "/" + target
        }
        return path
    }

    /// Resolves the folders that exist; the rest stays as it is.
    private static func withRealFolders(_ path: String) -> String {
        var folder = (path as NSString).deletingLastPathComponent
        var rest = [(path as NSString).lastPathComponent]
        while folder != "/", !folder.isEmpty {
            if let real = realpath(folder, nil) {
                defer { free(real) }
                let base = String(cString: real)
                return (base == "/" ? "" : base) + "/" + rest.joined(separator: "/")
            }
            rest.insert((folder as NSString).lastPathComponent, at: 0)
            folder = (folder as NSString).deletingLastPathComponent
        }
        return "/" + rest.joined(separator: "/")
    }

    /// Of a file with several hard links, the name that its log lies beside, else the first.
    private static func firstName(
        of path: String, links: Int, for purpose: Purpose
    ) throws(StoreError) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        let number = try FileNumber(path: path)
        var (names, logged): ([String], [String]) = ([], [])
        for name in machine.names(in: folder).map({ "\(folder)/\($0)" }).sorted()
        where try FileNumber(path: name) == number
            && (try? FileManager.default.destinationOfSymbolicLink(atPath: name)) == nil
        {
            names.append(name)
            for log in SideFile.logs
            where try FileNumber(path: name + log.rawValue) != nil && logged.last != name {
                logged.append(name)
            }
        }
        guard names.count == links, logged.count <= 1 else {
            if purpose == .reading { return path }
            throw .severalNames(path: path, count: links)
        }
        return logged.first ?? names.first ?? path
    }
}

/// What lies at `path`, nil if nothing does.
///
/// That it can't be told is an error: a file that is taken for missing would be written anew, and a log without what is in it.
func presence(of path: String) throws(StoreError) -> stat? {
    if let status = machine.status(at: path) { return status }
    guard errno == ENOENT || errno == ENOTDIR else {
        throw .inputOutput(path: path, message: errorText(errno))
    }
    return nil
}

/// Removes what may be left at `path`; that it stays would be no good beginning.
func removeRemains(_ path: String) throws(StoreError) {
    guard machine.unlink(path) == 0 || errno == ENOENT else {
        throw .inputOutput(path: path, message: errorText(errno))
    }
}

/// Which file a path leads to, whatever its name.
struct FileNumber: Equatable, Hashable, Sendable {
    let device: UInt64
    let inode: UInt64

    /// nil if there is none.
    init?(path: String) throws(StoreError) {
        guard let status = try presence(of: path) else { return nil }
        self.init(status)
    }

    init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

/// The files that SQLite keeps beside a database, by what follows its name.
enum SideFile: String, CaseIterable {
    case log = "-wal"
    case index = "-shm"
    case journal = "-journal"

    /// Those that may hold answers.
    static let logs: [SideFile] = [.log, .journal]

    /// Whether it is there and not empty.
    func hasContent(beside path: String) throws(StoreError) -> Bool {
        (try presence(of: path + rawValue)?.st_size ?? 0) > 0
    }
}
