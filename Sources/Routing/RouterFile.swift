import CKernels
package import Foundation

/// The file of a router. Little-endian, without gaps:
///
///     8 bytes   "CITERRTR"
///     UInt32    version, 1
///     UInt32    length of the header
///     header    JSON with sorted keys: kind, shapes, model hashes, provenance
///     Float32   temperature, means, scales, quantiles, then the biases of each layer
///     Float16   the weights of each layer, row-major
///
/// Equal routers have equal files.
package enum RouterFile {
    private static let magic = Array("CITERRTR".utf8)
    private static let version: UInt32 = 1
    private static let preamble = 16
    private static let longestHeader = 1 << 20

    /// What the header says.
    private struct Header: Codable {
        let architecture: RouterArchitecture
        let calls: String
        let features: RouterFeatures
        let kind: String
        let layers: [RouterShape]
        let llmSha256: String
        let provenance: [String: String]
        let quantiles: Int
        let slmSha256: String
    }

    /// The router's file.
    package static func data(of router: Router) -> Data {
        let header = Header(
            architecture: router.architecture, calls: router.calls == .below ? "below" : "above",
            features: router.features, kind: router.kind,
            layers: router.layers.map { RouterShape(inputs: $0.inputs, outputs: $0.outputs) },
            llmSha256: router.llmSha256, provenance: router.provenance,
            quantiles: router.quantiles.count, slmSha256: router.slmSha256)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and integers only: encoding cannot fail.
        let json = (try? encoder.encode(header)) ?? Data()
        var data = Data(magic)
        append(version, to: &data)
        append(UInt32(json.count), to: &data)
        data.append(json)
        let numbers =
            [router.temperature] + router.mean + router.scale + router.quantiles
            + router.layers.flatMap(\.biases)
        for number in numbers { append(number.bitPattern, to: &data) }
        for layer in router.layers {
            for weight in layer.weights { append(ck_float_to_half(weight), to: &data) }
        }
        return data
    }

    /// The router in a file's bytes. Nothing in them is trusted: every length and number is checked first.
    package static func router(from data: Data) throws(RouterFileError) -> Router {
        let bytes = [UInt8](data)
        guard bytes.starts(with: magic) else { throw .notARouter }
        guard bytes.count >= preamble else { throw .size(found: bytes.count, expected: preamble) }
        let found = UInt32(integer(bytes, at: 8, size: 4))
        guard found == version else { throw .version(found: found, expected: version) }
        let length = integer(bytes, at: 12, size: 4)
        guard length <= longestHeader else {
            throw .header("\(length) bytes long; at most \(longestHeader)")
        }
        guard bytes.count >= preamble + length else {
            throw .size(found: bytes.count, expected: preamble + length)
        }
        let header = try header(in: bytes[preamble..<preamble + length])
        try Router.checkShapes(header.architecture, header.features, header.layers)
        guard (0...Router.mostQuantiles).contains(header.quantiles) else {
            throw .shape("\(header.quantiles) quantiles; at most \(Router.mostQuantiles)")
        }
        // At most three layers no wider than 2^17: no sum here can overflow.
        let inputs = header.features.count
        let singles =
            1 + 2 * inputs + header.quantiles + header.layers.reduce(0) { $0 + $1.outputs }
        let halves = header.layers.reduce(0) { $0 + $1.inputs * $1.outputs }
        let expected = preamble + length + 4 * singles + 2 * halves
        guard bytes.count == expected else { throw .size(found: bytes.count, expected: expected) }

        var place = preamble + length
        func floats(_ count: Int) -> [Float] {
            defer { place += 4 * count }
            return (0..<count).map {
                Float(bitPattern: UInt32(integer(bytes, at: place + 4 * $0, size: 4)))
            }
        }
        let temperature = floats(1)[0]
        let mean = floats(inputs)
        let scale = floats(inputs)
        let quantiles = floats(header.quantiles)
        let biases = header.layers.map { floats($0.outputs) }
        var layers: [RouterLayer] = []
        for (shape, biases) in zip(header.layers, biases) {
            let count = shape.inputs * shape.outputs
            let weights = (0..<count).map {
                ck_half_to_float(UInt16(integer(bytes, at: place + 2 * $0, size: 2)))
            }
            place += 2 * count
            layers.append(
                RouterLayer(
                    inputs: shape.inputs, outputs: shape.outputs, weights: weights, biases: biases))
        }
        return try Router(
            kind: header.kind, architecture: header.architecture, features: header.features,
            slmSha256: header.slmSha256, llmSha256: header.llmSha256, mean: mean, scale: scale,
            layers: layers, temperature: temperature,
            calls: header.calls == "below" ? .below : .above, quantiles: quantiles,
            provenance: header.provenance)
    }

    /// What is wrong with a header, in a person's words.
    private static func words(_ error: any Error) -> String {
        func name(_ path: [any CodingKey]) -> String {
            path.map(\.stringValue).joined(separator: ".")
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, let context):
            return "\(name(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context) where !context.codingPath.isEmpty,
            .valueNotFound(_, let context) where !context.codingPath.isEmpty,
            .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "\(name(context.codingPath)) is not what it should be"
        default: return "it is not a JSON object"
        }
    }

    private static func header(in bytes: ArraySlice<UInt8>) throws(RouterFileError) -> Header {
        let header: Header
        do {
            header = try JSONDecoder().decode(Header.self, from: Data(bytes))
        } catch {
            throw .header(Self.words(error))
        }
        guard ["below", "above"].contains(header.calls) else {
            throw .header("calls is \"\(header.calls)\", not below or above")
        }
        return header
    }

    private static func append(_ value: some FixedWidthInteger, to data: inout Data) {
        withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
    }

    private static func integer(_ bytes: [UInt8], at place: Int, size: Int) -> Int {
        (0..<size).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
}
