import Foundation
import TestSupport
import Testing

@testable import Platform

struct WholeFileTests {
    @Test func makesItsFolderAndReplaces() throws {
        try withTemporaryDirectory { root in
            let path = root + "/a/b/c.txt"
            for text in ["one", "and two", ""] {
                try WholeFile.write(text, to: path)
                #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: root + "/a/b") == ["c.txt"])
        }
    }

    @Test func aLinkStaysOne() throws {
        try withTemporaryDirectory { root in
            try WholeFile.write("old", to: root + "/real.txt")
            try FileManager.default.createSymbolicLink(
                atPath: root + "/link.txt", withDestinationPath: "real.txt")
            try WholeFile.write("new", to: root + "/link.txt")
            #expect(try String(contentsOfFile: root + "/real.txt", encoding: .utf8) == "new")
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: root + "/link.txt")
                    == "real.txt")
        }
    }

    @Test func saysWhatCannotBeWrittenAndLeavesNothing() throws {
        try withTemporaryDirectory { root in
            try FileManager.default.createDirectory(
                atPath: root + "/folder/inner", withIntermediateDirectories: true)
            let folder = #expect(throws: OutputError.self) {
                try WholeFile.write("x", to: root + "/folder")
            }
            #expect(folder?.description.hasPrefix("\(root)/folder: cannot be written: ") == true)
            try WholeFile.write("x", to: root + "/file")
            #expect(throws: OutputError.self) { try WholeFile.write("x", to: root + "/file/y") }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: root).sorted() == [
                    "file", "folder",
                ])
        }
    }

    /// That the folder cannot be made is the cause, not that it is not there.
    @Test func saysWhyThereIsNoFolder() throws {
        try withTemporaryDirectory { root in
            #expect(mkdir(root + "/closed", 0o555) == 0)
            // Who is root may write anywhere but where the kernel keeps its own files.
            for folder in [root + "/closed", "/sys"] {
                guard mkdir(folder + "/new", 0o777) != 0 else {
                    rmdir(folder + "/new")
                    continue
                }
                let reason = errorText(errno)
                let error = #expect(throws: OutputError.self) {
                    try WholeFile.write("x", to: folder + "/new/file")
                }
                #expect(error?.reason == reason)
            }
        }
    }

    @Test func piecesBecomeOneFile() throws {
        try withTemporaryDirectory { root in
            let path = root + "/a/pieces.txt"
            // More than one buffer, and characters across its ends.
            let pieces = (0..<40_000).map { "\($0) \u{1F642}\n" }
            try WholeFile.write(to: path) { write in
                for piece in pieces { try write(piece) }
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == pieces.joined())
            struct Stop: Error {}
            #expect(throws: Stop.self) {
                try WholeFile.write(to: path) { write in
                    try write("half")
                    throw Stop()
                }
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == pieces.joined())
            let refused = #expect(throws: OutputError.self) {
                try WholeFile.write(to: path + "/below") { try $0("x") }
            }
            #expect(refused?.path == path + "/below")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: root + "/a") == ["pieces.txt"])
        }
    }

    @Test func aWriteThatFailsIsAnError() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        #expect(writeAll("text", to: full) == ENOSPC)
        #expect(writeAll("text", to: -1) == EBADF)
        let none = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(none) }
        #expect(writeAll("text", to: none) == EBADF)
    }
}
