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
