import Foundation
import TestSupport
import Testing

@testable import Platform

struct MachineTests {
    /// Around a disk's blocks, and around the pieces in which it is read.
    private static let sizes = [
        0, 1, 511, 512, 513, 4095, 4096, 4097, 1 << 20, 1 << 20 + 5, 3 << 20 - 1,
    ]

    /// What the disk holds is what was written, also where that was not synced; a folder without direct reads says so.
    @Test(arguments: sizes) func theDiskHoldsWhatWasWritten(size: Int) throws {
        try withTemporaryDirectory { root in
            let path = root + "/file"
            let written = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
            try written.write(to: URL(fileURLWithPath: path))
            guard let stored = RealMachine().stored(of: path) else {
                #expect(errno == EOPNOTSUPP)
                return
            }
            #expect(stored == written)
        }
    }

    @Test func whatIsMissingIsNotStored() {
        #expect(RealMachine().stored(of: "/no/such/file") == nil)
        #expect(errno == ENOENT)
    }

    /// A write in the middle leaves the rest, and the place of other writes.
    @Test func writesWhereItIsTold() throws {
        try withTemporaryDirectory { root in
            let path = root + "/file"
            try WholeFile.write("0123456789", to: path)
            let machine: any Machine = RealMachine()
            let descriptor = machine.open(path, O_WRONLY, 0)
            defer { machine.close(descriptor) }
            let counts = [("ab", 3), ("c", 0)].map { text, offset in
                Data(text.utf8).withUnsafeBytes { machine.pwrite(descriptor, $0, offset) }
            }
            #expect(counts == [2, 1])
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "c12ab56789")
        }
    }
}
