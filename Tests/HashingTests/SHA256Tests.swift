import Testing

@testable import Hashing

/// FIPS 180-4's own examples, and that pieces make no difference.
struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func isTheStandards(text: String, hash: String) {
        #expect(SHA256.hexadecimal(of: text.utf8) == hash)
    }

    @Test func piecesMakeNoDifference() {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let whole = SHA256.hexadecimal(of: bytes)
        var pieces = SHA256()
        var start = 0
        for size in [0, 1, 63, 64, 65, 9_999] {
            pieces.update(bytes[start..<start + size])
            start += size
        }
        pieces.update(bytes[start...])
        #expect(pieces.hexadecimal() == whole)
        // A million times "a".
        #expect(
            SHA256.hexadecimal(of: repeatElement(UInt8(97), count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }
}
