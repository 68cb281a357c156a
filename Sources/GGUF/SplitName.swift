/// The name of one file of a split model, such as `model-00002-of-00003.gguf`.
///
/// Those that split models (llama.cpp's `gguf-split`, gguf-py) name the parts so, counted from 1;
/// all lie in one folder.
package struct SplitName: Equatable, Sendable {
    /// The path up to the first part's number, without the hyphen.
    private let stem: String
    /// The number of this part, from 1.
    package let part: Int
    /// How many parts there are.
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
