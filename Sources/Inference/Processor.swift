import CKernels
import Foundation
import Platform

/// An instruction set that the kernels are written for. All give the same bits.
package enum InstructionSet: String, CaseIterable, Sendable {
    case scalar, avx2, avx512, neon

    var value: ck_isa {
        switch self {
        case .scalar: CK_SCALAR
        case .avx2: CK_AVX2
        case .avx512: CK_AVX512
        case .neon: CK_NEON
        }
    }

    /// Whether this machine has it.
    package var isAvailable: Bool { ck_isa_available(value) }

    /// The fastest that this machine can run.
    package static var best: InstructionSet {
        allCases.last { $0.isAvailable } ?? .scalar
    }
}

/// A request that this machine can't meet.
package enum ProcessorError: ReportableError, Equatable {
    case unknownInstructionSet(String)
    case unavailable(InstructionSet)
    case threads(Int)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { true }

    /// What was found and what to do.
    package var description: String {
        switch self {
        case .unknownInstructionSet(let name):
            "CITER_ISA is \"\(name)\"; expected one of "
                + InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")
        case .unavailable(let set):
            "CITER_ISA asks for \(set.rawValue), which this machine does not have; available: "
                + InstructionSet.allCases.filter(\.isAvailable).map(\.rawValue)
                .joined(separator: ", ")
        case .threads(let count): "\(count) threads asked for; expected 1 to 1024"
        }
    }
}

/// The threads and kernels that models compute with. One forward pass at a time uses it; models of a pair share one.
package final class Processor {
    /// Which kernels; the bits are the same whichever.
    package let instructions: InstructionSet
    /// Threads that compute, the caller among them.
    package let threads: Int
    let pool: OpaquePointer
    let kernels: OpaquePointer

    /// - Parameters:
    ///   - threads: how many compute, the caller among them; nil: one a processor core.
    ///   - instructions: nil: the environment variable `CITER_ISA`, or the best available.
    package init(threads: Int? = nil, instructions: InstructionSet? = nil) throws(ProcessorError) {
        let count = threads ?? ProcessInfo.processInfo.activeProcessorCount
        guard (1...1024).contains(count) else { throw .threads(count) }
        let set: InstructionSet
        if let instructions {
            set = instructions
        } else if let name = ProcessInfo.processInfo.environment["CITER_ISA"], !name.isEmpty {
            guard let named = InstructionSet(rawValue: name) else {
                throw .unknownInstructionSet(name)
            }
            set = named
        } else {
            set = .best
        }
        guard set.isAvailable else { throw .unavailable(set) }
        guard let pool = ck_pool_create(Int32(count)), let kernels = ck_kernels_for(set.value)
        else { throw .threads(count) }
        self.instructions = set
        self.threads = Int(ck_pool_threads(pool))
        self.pool = pool
        self.kernels = kernels
    }

    deinit { ck_pool_destroy(pool) }

    /// Bytes a second that all threads together read from memory; measured, takes about a second.
    package func measureReadBandwidth() -> Double { ck_read_bandwidth(pool, 1 << 29) }

    /// 8-bit multiply-adds a second of all threads on registers alone; 0 for sets without such instructions.
    package func measureMultiplyPeak() -> Double { ck_multiply_peak(pool, instructions.value) }
}
