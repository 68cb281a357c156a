import Testing

@testable import Servers

/// What is said where this machine's libcurl cannot be used.
struct CurlLibraryTests {
    @Test func thisMachinesIsFound() throws {
        _ = try CurlLibrary.loaded.get()
    }

    @Test func anAbsentOneIsNamedWithWhatToDo() throws {
        let absence = try #require(throws: CurlAbsence.self) {
            try CurlLibrary(from: ["libcurl-of-nowhere.so.4"])
        }
        #expect(absence.reason.contains("libcurl-of-nowhere.so.4"))
        #expect(absence.reason.contains("apt-get install libcurl4"))
    }

    @Test func anotherLibraryIsRefused() throws {
        let absence = try #require(throws: CurlAbsence.self) {
            try CurlLibrary(from: ["libcurl-of-nowhere.so.4", "libm.so.6"])
        }
        #expect(absence.reason == "libm.so.6 lacks functions of libcurl 7.85")
    }
}
