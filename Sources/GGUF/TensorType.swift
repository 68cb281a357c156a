// The cases keep ggml's own spelling, which every other tool prints too.

// swift-format-ignore: AlwaysUseLowerCamelCase
/// How a tensor's elements are stored.
///
/// Every type number of ggml is known by name and size, so that a tensor in a type that nothing
/// computes with can still be measured and named. Numbers and sizes: `ggml.h` and
/// `ggml-common.h` of ggml.
package enum TensorType: UInt32, CaseIterable, Equatable, Sendable {
    case f32 = 0
    case f16 = 1
    case q4_0 = 2
    case q4_1 = 3
    case q5_0 = 6
    case q5_1 = 7
    case q8_0 = 8
    case q8_1 = 9
    case q2_K = 10
    case q3_K = 11
    case q4_K = 12
    case q5_K = 13
    case q6_K = 14
    case q8_K = 15
    case iq2_xxs = 16
    case iq2_xs = 17
    case iq3_xxs = 18
    case iq1_s = 19
    case iq4_nl = 20
    case iq3_s = 21
    case iq2_s = 22
    case iq4_xs = 23
    case i8 = 24
    case i16 = 25
    case i32 = 26
    case i64 = 27
    case f64 = 28
    case iq1_m = 29
    case bf16 = 30
    case q4_0_4_4 = 31
    case q4_0_4_8 = 32
    case q4_0_8_8 = 33
    case tq1_0 = 34
    case tq2_0 = 35
    case iq4_nl_4_4 = 36
    case iq4_nl_4_8 = 37
    case iq4_nl_8_8 = 38
    case mxfp4 = 39
    case nvfp4 = 40
    case q1_0 = 41
    case q2_0 = 42
}

extension TensorType {
    /// The name that tools of this field print, such as `Q4_K`.
    package var name: String { "\(self)".uppercased() }

    /// Elements per block: a row holds a whole number of blocks.
    package var blockSize: Int { layout.elements }

    /// Bytes per block.
    package var blockBytes: Int { layout.bytes }

    private var layout: (elements: Int, bytes: Int) {
        switch self {
        case .i8: (1, 1)
        case .f16, .bf16, .i16: (1, 2)
        case .f32, .i32: (1, 4)
        case .f64, .i64: (1, 8)
        case .mxfp4: (32, 17)
        case .q4_0, .q4_0_4_4, .q4_0_4_8, .q4_0_8_8: (32, 18)
        case .iq4_nl, .iq4_nl_4_4, .iq4_nl_4_8, .iq4_nl_8_8: (32, 18)
        case .q4_1: (32, 20)
        case .q5_0: (32, 22)
        case .q5_1: (32, 24)
        case .q8_0: (32, 34)
        case .q8_1: (32, 36)
        case .q2_0: (64, 18)
        case .nvfp4: (64, 36)
        case .q1_0: (128, 18)
        case .iq1_s: (256, 50)
        case .tq1_0: (256, 54)
        case .iq1_m: (256, 56)
        case .iq2_xxs, .tq2_0: (256, 66)
        case .iq2_xs: (256, 74)
        case .iq2_s: (256, 82)
        case .q2_K: (256, 84)
        case .iq3_xxs: (256, 98)
        case .q3_K, .iq3_s: (256, 110)
        case .iq4_xs: (256, 136)
        case .q4_K: (256, 144)
        case .q5_K: (256, 176)
        case .q6_K: (256, 210)
        case .q8_K: (256, 292)
        }
    }
}
