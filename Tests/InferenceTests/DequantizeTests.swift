import CKernels
import Hashing
import TestSupport
import Testing

/// Reading the file's blocks, against the published layouts.
struct DequantizeTests {
    /// These tests are of every type that there are kernels for.
    @Test func allTypes() {
        let kernels = Set((0...).lazy.map { ck_type_at($0) }.prefix { $0 >= 0 })
        #expect(kernels == Set(TinyTensorType.allCases.map { Int32($0.number) }))
        #expect(ck_type_at(-1) == -1)
        #expect(ck_type_at(Int32(kernels.count)) == -1)
    }

    @Test(arguments: TinyTensorType.allCases)
    func blockSizesAreThoseOfTheFormat(type: TinyTensorType) {
        #expect(ck_type_supported(Int32(type.number)))
        #expect(ck_type_block(type.kernelType) == Int32(type.blockSize))
        #expect(ck_type_block_bytes(type.kernelType) == Int32(type.blockBytes))
    }

    @Test(arguments: [4, 5, 9, 10, 11, 15, 16, 24, 29, 31, 99, -1])
    func otherTypesAreNotSupported(number: Int32) {
        #expect(!ck_type_supported(number))
    }

    @Test(arguments: TinyTensorType.allCases)
    func plausibleWeights(type: TinyTensorType) {
        var generator = SplitMix64(seed: 1)
        let row = type.randomBytes(elements: 1024, spread: 0.02, using: &generator)
        expectPublished(type, row)
    }

    /// Any bits at all: negative, subnormal, infinite and undefined scales among them.
    @Test(arguments: TinyTensorType.allCases)
    func anyBits(type: TinyTensorType) {
        var generator = SplitMix64(seed: 2)
        for _ in 0..<20 {
            let row = (0..<type.blockBytes * 4).map { _ in
                UInt8(truncatingIfNeeded: generator.next())
            }
            expectPublished(type, row)
        }
    }

    /// Every byte the same, and under it scales that are zero, negative, subnormal or largest.
    @Test(arguments: TinyTensorType.allCases)
    func extremes(type: TinyTensorType) {
        let halves: [UInt16] = [0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0xBC00, 0x7BFF, 0xFBFF]
        for fill in [0x00, 0xFF, 0x0F, 0xF0, 0x55, 0xAA, 0x80, 0x7F] as [UInt8] {
            let plain = [UInt8](repeating: fill, count: type.blockBytes)
            expectPublished(type, plain)
            for half in halves {
                var block = plain
                for offset in type.scaleOffsets {
                    block[offset] = UInt8(truncatingIfNeeded: half)
                    block[offset + 1] = UInt8(truncatingIfNeeded: half >> 8)
                }
                expectPublished(type, block)
            }
        }
    }

    private func expectPublished(
        _ type: TinyTensorType, _ row: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let expected = PublishedBlocks.weights(type, row: row).map(\.value)
        var found = [Float](repeating: .nan, count: expected.count)
        ck_dequantize_row(type.kernelType, row, Int32(expected.count), &found)
        for (column, (a, b)) in zip(found, expected).enumerated() where !(a.isNaN && b.isNaN) {
            // Zeros may differ in sign where an offset of zero is added to a product of zero.
            guard a != b else { continue }
            Issue.record(
                "\(type) column \(column): \(a), expected \(b); row \(row)",
                sourceLocation: sourceLocation)
            return
        }
    }
}
