import Foundation
import Hashing

/// The names of a simulated disk: what programs see, and what would be left of them without power.
///
/// A name is on the disk when its folder was synced, and not before; without that, any of the changes since may be there and others not.
/// File systems in use today do better than that, each in its own way; POSIX promises no more.
struct SimulatedNames {
    private(set) var files: [String: SimulatedFile] = [:]
    private(set) var folders: Set<String>
    private var syncedFiles: [String: SimulatedFile] = [:]
    private var syncedFolders: Set<String>
    private var pending: [Change] = []

    private enum Change {
        case file(String, SimulatedFile)
        case removal(String)
        case move(String, to: String, SimulatedFile)
        case folder(String)

        var path: String {
            switch self {
            case .file(let path, _), .removal(let path), .move(let path, _, _), .folder(let path):
                path
            }
        }
    }

    init(folder: String) {
        folders = ["/", folder]
        syncedFolders = folders
    }

    /// All files that have a name, or will have one or had one if the power goes.
    var everyFile: [SimulatedFile] {
        let changed = pending.compactMap { change -> SimulatedFile? in
            switch change {
            case .file(_, let file), .move(_, _, let file): file
            case .removal, .folder: nil
            }
        }
        return Array(files.values) + Array(syncedFiles.values) + changed
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// A file that was always there.
    mutating func place(_ file: SimulatedFile, at path: String) {
        var folder = Self.folder(of: path)
        while folder != "/" {
            folders.insert(folder)
            syncedFolders.insert(folder)
            folder = Self.folder(of: folder)
        }
        files[path] = file
        syncedFiles[path] = file
    }

    mutating func add(_ file: SimulatedFile, at path: String) { change(.file(path, file)) }

    mutating func remove(_ path: String) { change(.removal(path)) }

    mutating func move(_ path: String, to new: String, _ file: SimulatedFile) {
        change(.move(path, to: new, file))
    }

    mutating func makeFolder(_ path: String) { change(.folder(path)) }

    private mutating func change(_ change: Change) {
        pending.append(change)
        Self.apply(change, &files, &folders)
    }

    /// The names in a folder are on the disk.
    mutating func sync(_ folder: String) {
        for change in pending where Self.folder(of: change.path) == folder {
            Self.apply(change, &syncedFiles, &syncedFolders)
        }
        pending.removeAll { Self.folder(of: $0.path) == folder }
    }

    mutating func losePower(_ random: inout SplitMix64) {
        let way = random.next(below: 4)
        let count = Int(random.next(below: UInt64(pending.count + 1)))
        for (number, change) in pending.enumerated() {
            let isKept =
                switch way {
                case 0: false
                case 1: true
                case 2: number < count
                default: random.next(below: 2) == 0
                }
            if isKept { Self.apply(change, &syncedFiles, &syncedFolders) }
        }
        pending = []
        // What lies in a folder that has no name is not found.
        syncedFolders = syncedFolders.filter { Self.isReached($0, syncedFolders) }
        syncedFiles = syncedFiles.filter {
            Self.isReached(Self.folder(of: $0.key), syncedFolders)
        }
        (files, folders) = (syncedFiles, syncedFolders)
    }

    private static func isReached(_ folder: String, _ folders: Set<String>) -> Bool {
        folder == "/"
            || folders.contains(folder) && isReached(Self.folder(of: folder), folders)
    }

    private static func apply(
        _ change: Change, _ files: inout [String: SimulatedFile], _ folders: inout Set<String>
    ) {
        switch change {
        case .file(let path, let file): files[path] = file
        case .removal(let path): files[path] = nil
        case .move(let path, let new, let file):
            if files[path] === file { files[path] = nil }
            files[new] = file
        case .folder(let path): folders.insert(path)
        }
    }
}
