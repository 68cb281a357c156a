import Foundation
import TestSupport
import Testing

@testable import Platform

struct FileContentsTests {
    @Test func readsWhatIsThere() throws {
        try withTemporaryDirectory { root in
            for bytes in [Data(), Data([0, 255, 10]), Data(repeating: 7, count: 300_000)] {
                try WholeFile.write(bytes, to: root + "/file")
                #expect(try contents(ofFile: root + "/file") == bytes)
            }
        }
    }

    @Test(arguments: [
        ("/none", "No such file or directory"), ("/file/below", "Not a directory"),
        ("", "Is a directory"),
    ])
    func saysWhyNotInTheSystemsWords(name: String, reason: String) throws {
        try withTemporaryDirectory { root in
            try WholeFile.write("text", to: root + "/file")
            let path = root + name
            #expect(throws: UnreadableFile(path: path, reason: reason)) {
                try contents(ofFile: path)
            }
            #expect(
                UnreadableFile(path: path, reason: reason).description
                    == "\(path): cannot be read: \(reason)")
        }
    }
}
