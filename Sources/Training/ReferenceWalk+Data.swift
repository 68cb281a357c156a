public import Foundation
import Inference
public import Routing

/// A walk as bytes, for a label store: little-endian, hidden states in half precision.
///
/// Layout: prompt, reference and width as counts (UInt32 each); both texts' ids (Int32); then for each token S's and L's reading, each argmax and second
/// (Int32) and log-probability, second's, entropy, reference's (Float); then what was kept of S's states, (reference, width) halves: the hidden
/// state, the residual streams of middle layers from the lowest on, the top log-probabilities. Which of them there are, the reader must know.
extension ReferenceWalk {
    /// The walk's bytes.
    public var data: Data {
        var data = Data()
        func put<T>(_ value: T) { withUnsafeBytes(of: value) { data.append(contentsOf: $0) } }
        let width = steps.first.map { Self.states($0.slm).count } ?? 0
        for count in [prompt.count, reference.count, width] { put(UInt32(count).littleEndian) }
        for token in prompt + reference { put(token.littleEndian) }
        for reading in steps.flatMap({ [$0.slm, $0.llm] }) {
            put(reading.argmax.littleEndian)
            put(reading.second.littleEndian)
            let numbers = [
                reading.logProbability, reading.secondLogProbability, reading.entropy,
                reading.targetLogProbabilities.first ?? .nan,
            ]
            for number in numbers { put(number.bitPattern.littleEndian) }
        }
        for step in steps {
            for value in Self.states(step.slm) { put(Float16(value).bitPattern.littleEndian) }
        }
        return data
    }

    private static func states(_ reading: Reading) -> [Float] {
        reading.hidden + reading.layers.sorted { $0.key < $1.key }.flatMap(\.value) + reading.top
    }

    /// Reads the bytes of a walk that kept `needs` of S; nil if they are not one.
    public init?(question: String, data: Data, needs: SignalNeeds = SignalNeeds(hidden: true)) {
        var bytes = Bytes(data: data)
        guard let prompt = bytes.next(UInt32.self).map(Int.init),
            let reference = bytes.next(UInt32.self).map(Int.init),
            let width = bytes.next(UInt32.self).map(Int.init), width < 1 << 20,
            prompt < 1 << 28, reference < 1 << 28,
            bytes.left == 4 * (prompt + reference) + reference * (48 + 2 * width)
        else { return nil }
        let states = (needs.hidden ? 1 : 0) + needs.layers.count
        let wide = max(states, 1)
        guard width >= needs.top, (width - needs.top).isMultiple(of: wide) else { return nil }
        let hidden = states == 0 ? 0 : (width - needs.top) / wide
        let tokens = (0..<prompt + reference).compactMap { _ in bytes.next(Int32.self) }
        let readings = (0..<2 * reference).compactMap { _ in bytes.reading() }
        guard tokens.count == prompt + reference, readings.count == 2 * reference else {
            return nil
        }
        var steps: [Step] = []
        for index in 0..<reference {
            var slm = readings[2 * index]
            func next(_ count: Int) -> [Float] {
                (0..<count).compactMap { _ in
                    bytes.next(UInt16.self).map { Float(Float16(bitPattern: $0)) }
                }
            }
            if needs.hidden { slm.hidden = next(hidden) }
            for layer in needs.layers.sorted() { slm.layers[layer] = next(hidden) }
            slm.top = next(needs.top)
            steps.append(Step(slm: slm, llm: readings[2 * index + 1]))
        }
        self.init(
            question: question, prompt: Array(tokens.prefix(prompt)),
            reference: Array(tokens.dropFirst(prompt)), steps: steps)
    }
}

/// Numbers one after another; none beyond the end.
private struct Bytes {
    let data: Data
    var at: Int

    init(data: Data) {
        self.data = data
        at = data.startIndex
    }

    var left: Int { data.endIndex - at }

    mutating func next<T: FixedWidthInteger>(_: T.Type) -> T? {
        let size = MemoryLayout<T>.size
        guard left >= size else { return nil }
        defer { at += size }
        return data.withUnsafeBytes {
            T(littleEndian: $0.loadUnaligned(fromByteOffset: at - data.startIndex, as: T.self))
        }
    }

    mutating func reading() -> Reading? {
        guard let argmax = next(Int32.self), let second = next(Int32.self) else { return nil }
        let numbers = (0..<4).compactMap { _ in next(UInt32.self).map(Float.init(bitPattern:)) }
        guard numbers.count == 4 else { return nil }
        return Reading(
            argmax: argmax, second: second, logProbability: numbers[0],
            secondLogProbability: numbers[1], entropy: numbers[2],
            targetLogProbabilities: [numbers[3]])
    }
}
