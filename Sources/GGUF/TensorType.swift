/// How a tensor's elements are stored.
///
/// Every type number of ggml is known by name and size, so that a tensor in a type that nothing
/// computes with can still be measured and named. Numbers and sizes: `ggml.h` and
/// `ggml-common.h` of ggml.
package struct TensorType: Equatable, Sendable {
    /// The number by which files know it.
    package let number: UInt32
    /// The name that tools of this field print, such as `Q4_K`.
    package let name: String
    /// Elements per block: a row holds a whole number of blocks.
    package let blockSize: Int
    /// Bytes per block.
    package let blockBytes: Int

    private init(_ number: UInt32, _ name: String, _ blockSize: Int, _ blockBytes: Int) {
        self.number = number
        self.name = name
        self.blockSize = blockSize
        self.blockBytes = blockBytes
    }

    /// The type that a file means by a number.
    package init?(number: UInt32) {
        guard let type = Self.all.first(where: { $0.number == number }) else { return nil }
        self = type
    }

    /// All of them: number, name, elements and bytes of a block.
    package static let all: [TensorType] = [
        TensorType(0, "F32", 1, 4),
        TensorType(1, "F16", 1, 2),
        TensorType(2, "Q4_0", 32, 18),
        TensorType(3, "Q4_1", 32, 20),
        TensorType(6, "Q5_0", 32, 22),
        TensorType(7, "Q5_1", 32, 24),
        TensorType(8, "Q8_0", 32, 34),
        TensorType(9, "Q8_1", 32, 36),
        TensorType(10, "Q2_K", 256, 84),
        TensorType(11, "Q3_K", 256, 110),
        TensorType(12, "Q4_K", 256, 144),
        TensorType(13, "Q5_K", 256, 176),
        TensorType(14, "Q6_K", 256, 210),
        TensorType(15, "Q8_K", 256, 292),
        TensorType(16, "IQ2_XXS", 256, 66),
        TensorType(17, "IQ2_XS", 256, 74),
        TensorType(18, "IQ3_XXS", 256, 98),
        TensorType(19, "IQ1_S", 256, 50),
        TensorType(20, "IQ4_NL", 32, 18),
        TensorType(21, "IQ3_S", 256, 110),
        TensorType(22, "IQ2_S", 256, 82),
        TensorType(23, "IQ4_XS", 256, 136),
        TensorType(24, "I8", 1, 1),
        TensorType(25, "I16", 1, 2),
        TensorType(26, "I32", 1, 4),
        TensorType(27, "I64", 1, 8),
        TensorType(28, "F64", 1, 8),
        TensorType(29, "IQ1_M", 256, 56),
        TensorType(30, "BF16", 1, 2),
        TensorType(31, "Q4_0_4_4", 32, 18),
        TensorType(32, "Q4_0_4_8", 32, 18),
        TensorType(33, "Q4_0_8_8", 32, 18),
        TensorType(34, "TQ1_0", 256, 54),
        TensorType(35, "TQ2_0", 256, 66),
        TensorType(36, "IQ4_NL_4_4", 32, 18),
        TensorType(37, "IQ4_NL_4_8", 32, 18),
        TensorType(38, "IQ4_NL_8_8", 32, 18),
        TensorType(39, "MXFP4", 32, 17),
        TensorType(40, "NVFP4", 64, 36),
        TensorType(41, "Q1_0", 128, 18),
        TensorType(42, "Q2_0", 64, 18),
    ]
}
