import CKernels
import Foundation

/// One block of zeroed memory, aligned for the kernels, given back at the end of its life.
final class Arena {
    let base: UnsafeMutableRawPointer
    let byteCount: Int
    private var used = 0

    static let alignment = 64

    /// - Parameter streamed: ask for large pages: reading gigabytes through pages of 4 KiB costs address translations. Where only
    ///   part of the memory will be touched, large pages would make more of it resident.
    init(byteCount: Int, streamed: Bool) throws(ModelError) {
        let size = max(byteCount, 1)
        guard
            let base = mmap(
                nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                0), base != MAP_FAILED
        else { throw .outOfMemory(bytes: byteCount) }
        #if os(Linux)
            if streamed { madvise(base, size, Int32(MADV_HUGEPAGE)) }
        #endif
        self.base = base
        self.byteCount = size
        ck_forbid(base, size)
    }

    deinit {
        ck_allow(base, byteCount)
        munmap(base, byteCount)
    }

    /// The next `count` elements. Callers size the arena beforehand, so running out is a programmer's error.
    func take<T>(_ type: T.Type, count: Int) -> UnsafeMutablePointer<T> {
        let bytes = Arena.padded(count * MemoryLayout<T>.stride)
        precondition(used + bytes <= byteCount, "arena of \(byteCount) bytes is too small")
        defer { used += bytes }
        ck_allow(base + used, count * MemoryLayout<T>.stride)
        return (base + used).bindMemory(to: type, capacity: count)
    }

    /// Forgets what was taken, for the next round.
    func reset() {
        used = 0
        ck_forbid(base, byteCount)
    }

    /// What so many bytes take of an arena, with what an address sanitizer needs to tell neighbours apart.
    static func padded(_ bytes: Int) -> Int {
        (bytes + ck_red_zone() + alignment - 1) / alignment * alignment
    }
}
