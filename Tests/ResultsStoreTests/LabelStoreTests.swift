import Foundation
import TestSupport
import Testing

@testable import ResultsStore

/// The store of what training asked of the models.
struct LabelStoreTests {
    @Test func itemsOutliveTheProcessAndSeriesAreApart() throws {
        try withTemporaryDirectory { root in
            let path = root + "/a/b.labels.sqlite"
            do {
                let store = try LabelStore(path: path)
                let first = try store.series("one")
                let second = try store.series("two")
                #expect(first != second)
                #expect(try store.series("one") == first)
                try store.store(Data([1, 2]), as: "q", in: first)
                try store.store(Data([3]), as: "q", in: first)
                #expect(try store.item("q", in: second) == nil)
            }
            let again = try LabelStore(path: path)
            #expect(try again.item("q", in: try again.series("one")) == Data([3]))
        }
    }

    @Test func otherFilesAreRefused() throws {
        try withTemporaryDirectory { root in
            let results = root + "/results.sqlite"
            _ = try ResultsStore(path: results)
            #expect(throws: StoreError.notLabels(path: results)) { try LabelStore(path: results) }
            #expect(StoreError.notLabels(path: results).isBadInput)
            let text = root + "/text.sqlite"
            try Data("not a database at all, but long enough".utf8)
                .write(to: URL(fileURLWithPath: text))
            #expect(throws: StoreError.self) { try LabelStore(path: text) }
        }
    }
}
