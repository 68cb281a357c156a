package import Foundation
import Inference
package import Routing

/// A walk as bytes, for a label store: little-endian, hidden states in half precision.
///
/// Layout: prompt, reference and width as counts (UInt32 each); both texts' ids (Int32); then for each token S's reading, argmax and second (Int32) and
/// log-probability, second's, entropy, reference's (Float), and of L its token (Int32) and the reference's log-probability (Float, not a number where L was not
/// asked); then what was kept of S's states, (reference, width) halves: the hidden state, the residual streams of middle layers from the lowest on, the top
/// log-probabilities. Which of them there are, the reader must know.
extension ReferenceWalk {
    /// The walk's bytes.
    package var data: Data {
        var data = Data()
        func put<T>(_ value: T) { withUnsafeBytes(of: value) { data.append(contentsOf: $0) } }
        let width = steps.first.map { Self.states($0.slm).count } ?? 0
        for count in [prompt.count, reference.count, width] { put(UInt32(count).littleEndian) }
        for token in prompt + reference { put(token.littleEndian) }
        for step in steps {
            let reading = step.slm
            put(reading.argmax.littleEndian)
            put(reading.second.littleEndian)
            let numbers = [
                reading.logProbability, reading.secondLogProbability, reading.entropy,
                reading.targetLogProbabilities.first ?? .nan,
            ]
            for number in numbers { put(number.bitPattern.littleEndian) }
            put(step.llmToken.littleEndian)
            put((step.llmReference ?? .nan).bitPattern.littleEndian)
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
    package init?(question: String, data: Data, needs: SignalNeeds = SignalNeeds(hidden: true)) {
        var bytes = Bytes(data: data)
        guard let prompt = bytes.next(UInt32.self).map(Int.init),
            let reference = bytes.next(UInt32.self).map(Int.init),
            let width = bytes.next(UInt32.self).map(Int.init), width < 1 << 20,
            prompt < 1 << 28, reference < 1 << 28,
            bytes.left == 4 * (prompt + reference) + reference * (32 + 2 * width)
        else { return nil }
        let states = (needs.hidden ? 1 : 0) + needs.layers.count
        let wide = max(states, 1)
        guard width >= needs.top, (width - needs.top).isMultiple(of: wide) else { return nil }
        let hidden = states == 0 ? 0 : (width - needs.top) / wide
        let tokens = (0..<prompt + reference).compactMap { _ in bytes.next(Int32.self) }
        var steps = (0..<reference).compactMap { _ in bytes.step() }
        guard tokens.count == prompt + reference, steps.count == reference else { return nil }
        for index in 0..<reference {
            var slm = steps[index].slm
            func next(_ count: Int) -> [Float] {
                (0..<count).compactMap { _ in
                    bytes.next(UInt16.self).map { Float(Float16(bitPattern: $0)) }
                }
            }
            if needs.hidden { slm.hidden = next(hidden) }
            for layer in needs.layers.sorted() { slm.layers[layer] = next(hidden) }
            slm.top = next(needs.top)
            steps[index] = Step(
                slm: slm, llmToken: steps[index].llmToken,
                llmReference: steps[index].llmReference)
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

    /// S's reading without its states, and what is known of L.
    mutating func step() -> ReferenceWalk.Step? {
        guard let argmax = next(Int32.self), let second = next(Int32.self) else { return nil }
        let numbers = (0..<4).compactMap { _ in next(UInt32.self).map(Float.init(bitPattern:)) }
        guard numbers.count == 4, let llmToken = next(Int32.self),
            let llmReference = next(UInt32.self).map(Float.init(bitPattern:))
        else { return nil }
        let slm = Reading(
            argmax: argmax, second: second, logProbability: numbers[0],
            secondLogProbability: numbers[1], entropy: numbers[2],
            targetLogProbabilities: [numbers[3]])
        return ReferenceWalk.Step(
            slm: slm, llmToken: llmToken, llmReference: llmReference.isNaN ? nil : llmReference)
    }
}
