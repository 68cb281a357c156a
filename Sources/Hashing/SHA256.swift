#if canImport(CryptoKit)
    import CryptoKit
#else
    import COpenSSL
#endif

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
///
/// The arithmetic is the system library's, CryptoKit's or OpenSSL's, which use the processor's own instructions where there are any:
/// a model of 1 GB takes a second. Of OpenSSL only the function itself is called: its newer interface reads the system's
/// configuration first, which a program that carries OpenSSL in it has no business with.
package struct SHA256: ~Copyable {
    #if canImport(CryptoKit)
        private var hash = CryptoKit.SHA256()
    #else
        private var context = SHA256_CTX()
    #endif

    package init() {
        #if !canImport(CryptoKit)
            precondition(SHA256_Init(&context) == 1)
        #endif
    }

    /// Appends bytes to what is hashed.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        #if canImport(CryptoKit)
            hash.update(bufferPointer: bytes)
        #else
            precondition(SHA256_Update(&context, bytes.baseAddress, bytes.count) == 1)
        #endif
    }

    /// Adds bytes; without copying them where they lie side by side.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        let done: Void? = bytes.withContiguousStorageIfAvailable {
            update(UnsafeRawBufferPointer($0))
        }
        if done == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    /// The hash of all bytes so far: 64 lower-case hexadecimal digits.
    package consuming func hexadecimal() -> String {
        #if canImport(CryptoKit)
            let digest = Array(hash.finalize())
        #else
            var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
            precondition(SHA256_Final(&digest, &context) == 1)
        #endif
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }

    /// The hash of bytes in memory: 64 lower-case hexadecimal digits.
    package static func hexadecimal(of bytes: some Sequence<UInt8>) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.hexadecimal()
    }
}
