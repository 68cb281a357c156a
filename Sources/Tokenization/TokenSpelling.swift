// How vocabularies write the bytes of their tokens.

// Byte-level vocabularies are stored as text, so every byte needs a printable character: the
// printable ones of Latin-1 stand for themselves, the other 68 for U+0100 onwards, in order.
// Source: `bytes_to_unicode` in `encoder.py` of openai/gpt-2.

/// The printable characters by which byte-level vocabularies write bytes.
enum ByteStandIns {
    /// The byte that a scalar value below 324 stands for, or -1.
    private static let bytes: [Int16] = {
        var bytes = [Int16](repeating: -1, count: 324)
        var next = 256
        for byte in 0...255 {
            let isPrintable =
                (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174
            bytes[isPrintable ? byte : next] = Int16(byte)
            if !isPrintable { next += 1 }
        }
        return bytes
    }()

    /// Appends the bytes that `text` stands for; false, and nothing appended, if any of its
    /// characters is no stand-in.
    static func append(decoding text: UnsafeRawBufferPointer, to output: inout [UInt8]) -> Bool {
        let before = output.count
        let decoded = bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < text.count {
                // All stand-ins take one or two bytes of UTF-8.
                var scalar = Int(text[index])
                index += 1
                if scalar >= 0x80 {
                    guard scalar & 0xE0 == 0xC0, index < text.count else { return false }
                    scalar = (scalar & 0x1F) << 6 | Int(text[index] & 0x3F)
                    index += 1
                }
                guard scalar < bytes.count, bytes[scalar] >= 0 else { return false }
                output.append(UInt8(bytes[scalar]))
            }
            return true
        }
        if !decoded { output.removeLast(output.count - before) }
        return decoded
    }
}

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
