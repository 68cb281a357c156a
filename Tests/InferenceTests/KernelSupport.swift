import CKernels
import Foundation
import Hashing
import Inference
import TestSupport

/// Memory at a fixed address for the kernels, aligned to a cache line.
///
/// It starts as all ones, NaN in every float, so that a kernel that reads what nobody wrote shows.
final class Buffer<Element: BitwiseCopyable> {
    let pointer: UnsafeMutablePointer<Element>
    let count: Int

    init(count: Int) {
        let bytes = max(count, 1) * MemoryLayout<Element>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memset(memory, 0xFF, bytes)
        pointer = memory.bindMemory(to: Element.self, capacity: max(count, 1))
        self.count = count
    }

    convenience init(_ elements: [Element]) {
        self.init(count: elements.count)
        pointer.update(from: elements, count: elements.count)
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }

    var array: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}

/// The kernels of one instruction set and the threads to run them on.
struct Kernels {
    let set: InstructionSet
    let table: OpaquePointer
    let pool: Pool

    init?(_ set: InstructionSet, pool: Pool) {
        let isa: ck_isa =
            switch set {
            case .scalar: CK_SCALAR
            case .avx2: CK_AVX2
            case .avx512: CK_AVX512
            case .neon: CK_NEON
            }
        guard set.isAvailable, let table = ck_kernels_for(isa) else { return nil }
        self.set = set
        self.table = table
        self.pool = pool
    }

    /// Those of every instruction set that this machine has, the scalar reference first.
    static func all(threads: Int = 1) throws -> [Kernels] {
        let pool = try Pool(threads: threads)
        return InstructionSet.allCases.compactMap { Kernels($0, pool: pool) }
    }
}

/// A thread pool that ends with its owner.
final class Pool {
    struct Refused: Error {}
    let pointer: OpaquePointer

    init(threads: Int) throws {
        guard let pool = ck_pool_create(Int32(threads)) else { throw Refused() }
        pointer = pool
    }

    deinit { ck_pool_destroy(pointer) }
}

/// A batch of activations and the memory behind it.
final class Activations {
    let floats: Buffer<Float>
    let blocks: Buffer<ck_block>
    let value: ck_activations

    init(tokens: Int, columns: Int, _ floats: [Float]? = nil) {
        self.floats =
            floats.map { Buffer(Array($0.prefix(tokens * columns))) }
            ?? Buffer(count: tokens * columns)
        blocks = Buffer(count: ck_blocks_needed(Int32(tokens), Int32(columns)))
        value = ck_activations(
            tokens: Int32(tokens), columns: Int32(columns), floats: self.floats.pointer,
            blocks: blocks.pointer)
    }

    /// The blocks of one token, in column order.
    func blocks(of token: Int) -> [ck_block] {
        // Groups of 16 and one of the rest (ckernels.h).
        let group = token / 16 * 16
        let size = min(Int(value.tokens) - group, 16)
        let count = Int(value.columns) / 32
        return (0..<count).map { block in
            blocks.pointer[group * count + block * size + token % 16]
        }
    }
}

/// Whether two arrays hold the same bits. (`==` takes -0 for 0 and no NaN for itself.)
func sameBits<T: BitwiseCopyable>(_ a: [T], _ b: [T]) -> Bool {
    guard a.count == b.count else { return false }
    return a.withUnsafeBytes { x in
        b.withUnsafeBytes { y in
            guard let p = x.baseAddress, let q = y.baseAddress else { return true }
            return memcmp(p, q, x.count) == 0
        }
    }
}

/// `count` floats, normally distributed with the odd outlier, as activations are.
func activationLike(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { index in
        let bits = generator.next()
        // The sum of four uniform numbers is close enough to a normal one.
        let sum = stride(from: 0, to: 64, by: 16).reduce(Float(0)) { sum, shift in
            sum + Float(bits >> UInt64(shift) & 0xFFFF)
        }
        let normal = (sum / 65535 - 2) * 1.7
        return index % 97 == 0 ? normal * 30 : normal
    }
}

extension TinyTensorType {
    var kernelType: ck_type { ck_type(number) }

    /// Columns to try: below and above one block of the kernels, or of the format.
    var oddColumns: [Int] { blockSize == 256 ? [256, 512] : [32, 64, 96] }
}
