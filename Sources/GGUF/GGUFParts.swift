/// The files that make up one model, each mapped and its header read: one, or all of a split model.
///
/// A split model's first part has all metadata; every part says under `split.no` (from 0) and
/// `split.count` which one it is, and holds some of the tensors.
struct GGUFParts {
    let mappings: [FileMapping]
    let metadata: GGUFMetadata
    /// Those of all parts, in order.
    let tensors: [GGUFTensor]

    /// Opens the model that the file at `path` belongs to; any part of a split one will do.
    init(path: String) throws(GGUFError) {
        let mapping = try FileMapping(path: path)
        let header = try GGUFHeader(mapping)
        guard let place = try Place(header.metadata) else {
            mappings = [mapping]
            metadata = header.metadata
            tensors = header.tensors
            return
        }
        guard let name = SplitName(path), name.part == place.number + 1, name.count == place.count
        else { throw .splitName(path: path, part: place.number + 1, of: place.count) }
        var mappings: [FileMapping] = []
        var headers: [GGUFHeader] = []
        for (number, path) in name.paths.enumerated() {
            do throws(GGUFError) {
                let mapping = try FileMapping(path: path)
                headers.append(try GGUFHeader(mapping, part: number))
                mappings.append(mapping)
                try Self.check(headers[number], number: number, first: headers[0], path: path)
            } catch {
                throw .part(path: path, part: number + 1, of: place.count, problem: error)
            }
        }
        self.mappings = mappings
        metadata = headers[0].metadata
        tensors = headers.flatMap(\.tensors)
        var names: Set<String> = []
        for tensor in tensors where !names.insert(tensor.name).inserted {
            throw .duplicateTensor(tensor.name)
        }
        let expected = try Place.integer("split.tensors.count", in: 0...Int.max, of: metadata)
        guard tensors.count == expected else {
            throw .splitTensorCount(found: tensors.count, expected: expected)
        }
    }

    /// Whether a part is the one that its name promises and says nothing that the first does not.
    private static func check(
        _ header: GGUFHeader, number: Int, first: GGUFHeader, path: String
    ) throws(GGUFError) {
        let count = try Place(first.metadata)?.count ?? 1
        let found = try Place(header.metadata)
        guard found == Place(number: number, count: count) else {
            throw .badSplitKey(
                key: "split.no", found: header.metadata["split.no"],
                expected: "\(number) of \(count), as the file's name says")
        }
        // Its own places in the split and in its file aside.
        let own = ["split.no", "general.alignment"]
        for key in header.metadata.keys where !own.contains(key) {
            guard header.metadata[key] == first.metadata[key] else {
                throw .foreignPart(path: path, key: key)
            }
        }
    }

    /// Which part of how many a file is, by its metadata.
    private struct Place: Equatable {
        let number: Int  // from 0
        let count: Int

        init(number: Int, count: Int) {
            self.number = number
            self.count = count
        }

        /// Nil for a model of one file.
        init?(_ metadata: GGUFMetadata) throws(GGUFError) {
            guard metadata.keys.contains(where: { $0.hasPrefix("split.") }) else { return nil }
            count = try Self.integer("split.count", in: 0...99_999, of: metadata)
            guard count > 1 else { return nil }
            number = try Self.integer("split.no", in: 0...count - 1, of: metadata)
        }

        static func integer(
            _ key: String, in range: ClosedRange<Int>, of metadata: GGUFMetadata
        ) throws(GGUFError) -> Int {
            guard let value = metadata.integer(key), range.contains(value) else {
                throw .badSplitKey(
                    key: key, found: metadata[key],
                    expected: range.upperBound == Int.max
                        ? "a count" : "\(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
    }
}

/// The name of one file of a split model, such as `model-00002-of-00003.gguf`.
///
/// Those that split models (llama.cpp's `gguf-split`, gguf-py) name the parts so, counted from 1;
/// all lie in one folder.
package struct SplitName: Equatable, Sendable {
    /// The path up to the first part's number, without the hyphen.
    private let stem: String
    /// The number of this part, from 1.
    package let part: Int
    package let count: Int

    /// Takes a path apart; nil if it does not end as a part's name does.
    package init?(_ path: String) {
        // "-00002-of-00003.gguf"
        let bytes = Array(path.utf8)
        guard bytes.count > 20 else { return nil }
        let ending = bytes.suffix(20).map { byte in byte }
        func number(_ place: Int) -> Int? {
            let digits = ending[place..<place + 5]
            let isNumber = digits.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
            return isNumber ? digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } : nil
        }
        guard let part = number(1), let count = number(10), 1 <= part, part <= count,
            Self.ending(part: part, of: count).utf8.elementsEqual(ending)
        else { return nil }
        stem = String(decoding: bytes.dropLast(20), as: UTF8.self)
        self.part = part
        self.count = count
    }

    /// The paths of all parts in order.
    package var paths: [String] {
        (1...count).map { part in stem + Self.ending(part: part, of: count) }
    }

    /// What the name of a part ends in.
    static func ending(part: Int, of count: Int) -> String {
        func digits(_ number: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(5 - text.utf8.count, 0)) + text
        }
        return "-\(digits(part))-of-\(digits(count)).gguf"
    }
}
