import CKernels
import Foundation
import Platform

/// Why a sequence can't take more tokens.
package enum CacheError: ReportableError, Equatable {
    case full(pages: Int)
    case contextExceeded(length: Int, context: Int)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool {
        switch self {
        case .contextExceeded: true
        case .full: false
        }
    }

    /// What was found and what to do.
    package var description: String {
        switch self {
        case .full(let pages): "the key-value cache's budget of \(pages) pages is used up"
        case .contextExceeded(let length, let context):
            "\(length) tokens exceed the model's context of \(context)"
        }
    }
}

/// The memory of one model's keys and values, in pages of 16 positions that sequences share until one writes.
package final class KVCache {
    /// Positions a page holds, for all layers.
    package static let pageLength = Int(CK_PAGE)
    /// Bytes of a page, of all layers' keys and values in half precision.
    package let pageBytes: Int
    /// The most pages that may exist at a time.
    package let pageLimit: Int
    /// Pages in use by at least one sequence.
    package private(set) var pagesInUse = 0
    /// The largest number in use so far.
    package private(set) var pagesAtPeak = 0

    let context: Int
    private var pages: [UnsafeMutablePointer<UInt8>] = []
    private var references: [Int32] = []
    private var free: [Int32] = []

    init(config: ModelConfig, shape: ck_attention_shape, pageLimit: Int) {
        var shape = shape
        pageBytes = config.layers * ck_page_layer_bytes(&shape)
        context = config.context
        self.pageLimit = pageLimit
    }

    deinit { for page in pages { page.deallocate() } }

    /// A sequence without tokens; its pages are taken as it grows, and an append that finds none throws.
    package func makeSequence() -> KVSequence { KVSequence(cache: self) }

    func memory(of page: Int32) -> UnsafeMutablePointer<UInt8> { pages[Int(page)] }

    func isShared(_ page: Int32) -> Bool { references[Int(page)] > 1 }

    func retain(_ page: Int32) { references[Int(page)] += 1 }

    func release(_ page: Int32) {
        references[Int(page)] -= 1
        if references[Int(page)] == 0 {
            free.append(page)
            pagesInUse -= 1
        }
    }

    /// A page for one owner. What it held before is never read: scores and values past the last position are masked.
    func takePage() throws(CacheError) -> Int32 {
        guard pagesInUse < pageLimit else { throw .full(pages: pageLimit) }
        pagesInUse += 1
        pagesAtPeak = max(pagesAtPeak, pagesInUse)
        if let page = free.popLast() {
            references[Int(page)] = 1
            return page
        }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: pageBytes, alignment: 64)
        memset(memory, 0, pageBytes)
        pages.append(memory.bindMemory(to: UInt8.self, capacity: pageBytes))
        references.append(1)
        return Int32(pages.count - 1)
    }

    /// Pages that could still be taken.
    package var pagesAvailable: Int { pageLimit - pagesInUse }
}

/// The cached tokens of one text. A fork shares its pages until either side writes; a rewind forgets the last tokens.
package final class KVSequence {
    let cache: KVCache
    private var pages: [Int32] = []
    /// The pages' memory, in order, as the kernels want it.
    private(set) var table: [UnsafeMutablePointer<UInt8>?] = []
    /// Tokens held.
    package private(set) var length = 0

    init(cache: KVCache) { self.cache = cache }

    deinit { for page in pages { cache.release(page) } }

    /// The same tokens, as a sequence of its own. O(pages); copies nothing.
    package func fork() -> KVSequence {
        let copy = KVSequence(cache: cache)
        copy.pages = pages
        copy.table = table
        copy.length = length
        for page in pages { cache.retain(page) }
        return copy
    }

    /// Keeps only the first `length` tokens.
    package func rewind(to length: Int) {
        precondition((0...self.length).contains(length), "a rewind goes back")
        self.length = length
        let needed = pageCount(length)
        while pages.count > needed {
            cache.release(pages.removeLast())
            table.removeLast()
        }
    }

    /// Pages that hold `length` tokens.
    private func pageCount(_ length: Int) -> Int {
        (length + KVCache.pageLength - 1) / KVCache.pageLength
    }

    /// Whether the next token goes into a page that another sequence has, too.
    private var writesShared: Bool {
        !length.isMultiple(of: KVCache.pageLength) && cache.isShared(pages[pages.count - 1])
    }

    /// Pages that `count` more tokens take from the cache, the copy of a shared page included.
    func pagesNeeded(for count: Int) throws(CacheError) -> Int {
        guard length + count <= cache.context else {
            throw .contextExceeded(length: length + count, context: cache.context)
        }
        guard count > 0 else { return 0 }
        return pageCount(length + count) - pages.count + (writesShared ? 1 : 0)
    }

    /// Makes room for `count` more tokens, all or nothing; a page shared with another sequence is copied before it is written.
    func reserve(_ count: Int) throws(CacheError) {
        guard count > 0 else { return }
        guard try pagesNeeded(for: count) <= cache.pagesAvailable else {
            throw .full(pages: cache.pageLimit)
        }
        if writesShared {
            let old = pages[pages.count - 1]
            let new = try cache.takePage()
            memcpy(cache.memory(of: new), cache.memory(of: old), cache.pageBytes)
            cache.release(old)
            pages[pages.count - 1] = new
            table[table.count - 1] = cache.memory(of: new)
        }
        while pages.count < pageCount(length + count) {
            let page = try cache.takePage()
            pages.append(page)
            table.append(cache.memory(of: page))
        }
    }

    func advance(_ count: Int) { length += count }
}
