import GRDB
import Synchronization

/// A tokenizer's vocabulary, known by its hash; the texts of the tokens that occur are stored.
package struct VocabularyRecord: Sendable {
    /// A hash that tells vocabularies apart.
    package var sha256: String
    /// The number of tokens.
    package var size: Int
    /// The bytes of a token id below `size`; they need not be UTF-8 by themselves.
    package var bytes: @Sendable (Int) -> [UInt8]

    /// A vocabulary and the way to spell its tokens.
    package init(sha256: String, size: Int, bytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.sha256 = sha256
        self.size = size
        self.bytes = bytes
    }
}

extension VocabularyRecord {
    static let table = StoredTable(
        "vocabulary", row: "theirs.sha256",
        blank: VocabularyRecord(sha256: "", size: 0) { _ in [] },
        [
            Column("sha256", \.sha256, .name),
            Column("size", \.size, .content),
        ])
}

/// A row of `piece`: the text of a token that occurs.
struct StoredPiece: Sendable {
    var vocabulary: RowID<VocabularyRecord>
    var token: Int
    var text: String
    /// The exact bytes where they are no UTF-8 by themselves.
    var bytes: [UInt8]?

    static let table = StoredTable(
        "piece", row: "'token ' || theirs.token_id",
        blank: StoredPiece(vocabulary: RowID(0), token: 0, text: "", bytes: nil),
        [
            Column("vocabulary", \.vocabulary, .name, in: "vocabulary"),
            Column("token_id", \.token, .name),
            Column("text", \.text, .content),
            Column("bytes", \.bytes, .content),
        ])

    init(vocabulary: RowID<VocabularyRecord>, token: Int, text: String, bytes: [UInt8]?) {
        self.vocabulary = vocabulary
        self.token = token
        self.text = text
        self.bytes = bytes
    }

    init(vocabulary: RowID<VocabularyRecord>, token: Int, spelling: [UInt8]) {
        let text = String(decoding: spelling, as: UTF8.self)
        self.init(
            vocabulary: vocabulary, token: token, text: text,
            bytes: Array(text.utf8) == spelling ? nil : spelling)
    }
}

extension ResultsStore {
    /// Stores the vocabulary, or finds it by its hash. Its tokens' texts follow as they occur.
    package func register(
        _ vocabulary: VocabularyRecord
    ) throws(StoreError) -> RowID<VocabularyRecord> {
        let id = try transaction { db in
            try VocabularyRecord.table.register(
                vocabulary, "ON CONFLICT (sha256) DO UPDATE SET size = size", db)
        }
        vocabularies.withLock { $0.spellings[id] = vocabulary.bytes }
        return id
    }

    /// The vocabulary of each cell in `batch`, looked up once.
    func vocabularies(
        of batch: [FinishedQuestion], _ db: Database
    ) throws -> VocabularyCache {
        var cache = vocabularies.withLock { $0 }
        for cell in Set(batch.map(\.cell)) where cache.ofCell[cell] == nil {
            let id = try Int64.fetchOne(
                db, sql: "SELECT vocabulary FROM cell WHERE id = ?", arguments: [cell.value])
            cache.ofCell[cell] = id.map { RowID($0) }
        }
        return cache
    }
}

/// Which token texts are stored already, so that each is written once.
struct VocabularyCache: Sendable {
    /// The vocabularies registered by this process.
    var spellings: [RowID<VocabularyRecord>: @Sendable (Int) -> [UInt8]] = [:]
    /// The vocabulary of each cell seen so far.
    var ofCell: [RowID<CellRecord>: RowID<VocabularyRecord>] = [:]
    /// Tokens whose texts are on disk.
    var stored: [RowID<VocabularyRecord>: Set<Int>] = [:]
}

/// Writes the texts of tokens not yet stored.
struct PieceWriter {
    private(set) var written: [RowID<VocabularyRecord>: Set<Int>] = [:]
    private let db: Database
    private let cache: VocabularyCache

    init(_ db: Database, _ cache: VocabularyCache) {
        self.db = db
        self.cache = cache
    }

    mutating func write(_ decisions: [DecisionRecord], of cell: RowID<CellRecord>) throws {
        guard let vocabulary = cache.ofCell[cell], let spell = cache.spellings[vocabulary] else {
            return
        }
        let known = cache.stored[vocabulary] ?? []
        let table = StoredPiece.table
        for decision in decisions {
            for token in [decision.token, decision.slm?.token, decision.llm?.token] {
                guard let token, !known.contains(token),
                    written[vocabulary, default: []].insert(token).inserted
                else { continue }
                let insert = try db.cachedStatement(
                    sql: "\(table.insertion) ON CONFLICT DO NOTHING")
                try insert.execute(
                    arguments: table.arguments(
                        StoredPiece(vocabulary: vocabulary, token: token, spelling: spell(token))))
            }
        }
    }
}
