#if canImport(Accelerate)
    import Accelerate
#else
    import Foundation
#endif

/// Products of matrices, by Accelerate where the system has it, else by OpenBLAS on one thread, which is loaded when a router is first trained: whatever else
/// the program does needs no OpenBLAS and does not wait for its threads to start.
enum MatrixProduct {
    /// Whether a matrix is read by rows or by columns.
    enum Side: Int32 {
        // As CBLAS numbers them.
        case asIs = 111
        case turned = 112
    }

    /// Why there are none, and what to do; nil if there are.
    static var absence: String? {
        #if canImport(Accelerate)
            nil
        #else
            switch library {
            case .success: nil
            case .failure(let absence): absence.reason
            }
        #endif
    }

    /// `result = a x b + factor * result`, shape (m, n), from `a`, (m, k), and `b`, (k, n); turned ones are stored as (k, m) and (n, k).
    ///
    /// There must be no `absence`.
    static func add(
        _ a: [Float], _ sideA: Side, _ b: [Float], _ sideB: Side, _ m: Int, _ n: Int, _ k: Int,
        times factor: Float, to result: inout [Float]
    ) {
        precondition(a.count == m * k && b.count == k * n && result.count == m * n)
        let (rows, columns, depth) = (Int32(m), Int32(n), Int32(k))
        let widthA = sideA == .asIs ? depth : rows
        let widthB = sideB == .asIs ? columns : depth
        #if canImport(Accelerate)
            cblas_sgemm(
                CblasRowMajor, sideA == .asIs ? CblasNoTrans : CblasTrans,
                sideB == .asIs ? CblasNoTrans : CblasTrans, rows, columns, depth, 1, a, widthA, b,
                widthB, factor, &result, columns)
        #else
            guard case .success(let multiply) = library else {
                preconditionFailure("training began without a matrix product")
            }
            multiply(
                rowMajor, sideA.rawValue, sideB.rawValue, rows, columns, depth, 1, a, widthA, b,
                widthB, factor, &result, columns)
        #endif
    }

    #if !canImport(Accelerate)
        /// CBLAS's sgemm: order, sides, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc. Its enumerations have the size of an `int`.
        private typealias Multiply =
            @convention(c) (
                Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32,
                UnsafePointer<Float>, Int32, Float, UnsafeMutablePointer<Float>, Int32
            ) -> Void

        private struct Absence: Error {
            let reason: String
        }

        private static let rowMajor: Int32 = 101
        private static let name = "libopenblas.so.0"

        private static let library: Result<Multiply, Absence> = {
            // Else it starts a thread a core as it is loaded, which wait for memory for ever where that is limited, and keep the program from ending.
            setenv("OPENBLAS_NUM_THREADS", "1", 1)
            guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
                let found = dlerror().map { String(cString: $0) } ?? name
                return .failure(
                    Absence(
                        reason: "training needs OpenBLAS, which could not be loaded (\(found)); "
                            + "on Debian: apt-get install libopenblas0, on Fedora: dnf install openblas"
                    ))
            }
            guard let multiply = dlsym(library, "cblas_sgemm"),
                let setThreads = dlsym(library, "openblas_set_num_threads")
            else {
                return .failure(
                    Absence(
                        reason: "\(name) has no cblas_sgemm or openblas_set_num_threads; training "
                            + "needs OpenBLAS with its C interface"))
            }
            // Sums of several threads would depend on their number.
            unsafeBitCast(setThreads, to: (@convention(c) (Int32) -> Void).self)(1)
            return .success(unsafeBitCast(multiply, to: Multiply.self))
        }()
    #endif
}
