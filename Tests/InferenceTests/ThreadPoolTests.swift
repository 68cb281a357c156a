import CKernels
import Testing

/// The pool runs every chunk exactly once, whatever the number of threads.
struct ThreadPoolTests {
    /// What the chunks of a run write: each its own counter, and its worker's number.
    private struct Tally {
        let counts: UnsafeMutablePointer<Int32>
        let workers: UnsafeMutablePointer<Int32>
    }

    /// Runs `chunks` chunks; returns how often each ran, and by whom.
    private func run(_ pool: Pool, chunks: Int) -> (counts: [Int32], workers: [Int32]) {
        let counts = Buffer([Int32](repeating: 0, count: chunks))
        let workers = Buffer([Int32](repeating: -1, count: chunks))
        var tally = Tally(counts: counts.pointer, workers: workers.pointer)
        withUnsafeMutablePointer(to: &tally) { context in
            ck_pool_run(
                pool.pointer, Int32(chunks),
                { context, chunk, worker in
                    guard let tally = context?.assumingMemoryBound(to: Tally.self) else { return }
                    tally.pointee.counts[Int(chunk)] += 1
                    tally.pointee.workers[Int(chunk)] = worker
                }, context)
        }
        return (counts.array, workers.array)
    }

    @Test(arguments: 1...8)
    func everyChunkOnce(threads: Int) throws {
        let pool = try Pool(threads: threads)
        #expect(ck_pool_threads(pool.pointer) == threads)
        for chunks in [0, 1, 2, 3, 7, 8, 9, 100, 10_000] {
            let (counts, workers) = run(pool, chunks: chunks)
            #expect(counts.count { $0 != 1 } == 0, "\(chunks) chunks")
            #expect(workers.count { !(0..<Int32(threads)).contains($0) } == 0)
        }
    }

    /// Runs so short that threads fall asleep, wake and meet the next run half awake.
    @Test(arguments: [2, 3, 8])
    func manySmallRuns(threads: Int) throws {
        let pool = try Pool(threads: threads)
        var failures = 0
        for index in 0..<10_000 {
            let (counts, _) = run(pool, chunks: 1 + index % 9)
            failures += counts.count { $0 != 1 }
        }
        #expect(failures == 0)
    }

    @Test func mostChunks() throws {
        let chunks = 1 << 20 - 1
        let (counts, _) = run(try Pool(threads: 3), chunks: chunks)
        #expect(counts.count { $0 != 1 } == 0)
    }

    @Test(arguments: [0, -1])
    func poolsWithoutThreads(threads: Int32) {
        #expect(ck_pool_create(threads) == nil)
    }

    /// Pools come and go without a run, and while their threads sleep or spin.
    @Test func shortLives() throws {
        for index in 0..<200 {
            let pool = try Pool(threads: 1 + index % 4)
            if index.isMultiple(of: 3) { _ = run(pool, chunks: 5) }
        }
    }
}
