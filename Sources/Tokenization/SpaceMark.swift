/// U+2581, by which SentencePiece vocabularies write a space.
enum SpaceMark {
    private static let bytes: [UInt8] = [0xE2, 0x96, 0x81]

    /// Appends `text` with a space for each mark.
    static func append(replacingIn text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        var index = 0
        while index < text.count {
            if text[index] == bytes[0], text[index...].starts(with: bytes) {
                output.append(0x20)
                index += bytes.count
            } else {
                output.append(text[index])
                index += 1
            }
        }
    }
}
