/// Which token texts are stored already, so that each is written once.
struct VocabularyCache: Sendable {
    /// The vocabularies registered by this process.
    var spellings: [RowID<VocabularyRecord>: @Sendable (Int) -> [UInt8]] = [:]
    /// The vocabulary of each cell seen so far.
    var ofCell: [RowID<CellRecord>: RowID<VocabularyRecord>] = [:]
    /// Tokens whose texts are on disk.
    var stored: [RowID<VocabularyRecord>: Set<Int>] = [:]
}
