import CKernels
import GGUF
import Hashing

extension Model {
    /// Runs new tokens of several sequences through the model together.
    ///
    /// The result for a position depends on its own sequence alone: not on the batch, the split into passes or the number of threads.
    /// - Parameters:
    ///   - segments: new tokens, each of another sequence.
    ///   - inspect: called with each read position's logits, shape (vocabulary), or (rows) where it is over some alone, before the next ones are
    ///     computed: (segment, index in segment, logits).
    /// - Returns: per segment, a reading for each position that it asks for.
    /// - Throws: before anything is computed if a token is outside the vocabulary or a sequence has no room; then nothing has changed.
    /// - Complexity: O(tokens x parameters), plus O(tokens x positions) for attention.
    package func forward(
        _ segments: [Segment], inspect: ((Int, Int, UnsafeBufferPointer<Float>) -> Void)? = nil
    ) throws(ForwardError) -> [[Reading]] {
        precondition(
            Set(segments.map { ObjectIdentifier($0.sequence) }).count == segments.count,
            "a sequence takes part once")
        for segment in segments {
            precondition(
                segment.sequence.cache === cache, "a sequence belongs to one model's cache")
            precondition(
                segment.read.targets.isEmpty || segment.read.targets.count == segment.tokens.count,
                "targets for each position")
            precondition(
                segment.read.others.isEmpty || segment.read.others.count == segment.tokens.count,
                "one distribution a position")
            precondition(
                segment.read.others.allSatisfy {
                    ($0?.logits.count ?? config.vocabulary) == config.vocabulary
                },
                "distributions over one vocabulary")
            precondition(
                segment.read.rows == nil || segment.read.others.isEmpty,
                "distributions over one vocabulary")
            let ids = 0..<Int32(config.vocabulary)
            let named = segment.read.targets.joined()
            // Rows rise: the first and the last bound the rest.
            let bounds = segment.read.rows.map { $0.ids.prefix(1) + $0.ids.suffix(1) } ?? []
            for token in segment.tokens + named + bounds where !ids.contains(token) {
                throw .token(token, vocabulary: config.vocabulary)
            }
        }
        do throws(CacheError) {
            try reserve(segments)
        } catch {
            throw .cache(error)
        }
        do throws(ForwardError) {
            let results = try passes(segments, inspect)
            for segment in segments { segment.sequence.advance(segment.tokens.count) }
            return results
        } catch {
            let located = locate(error, segments)
            // Give back what was reserved.
            for segment in segments { segment.sequence.rewind(to: segment.sequence.length) }
            throw located
        }
    }

    /// The same failure with the layer where it began: the segments are run again, with a look at what every layer gives.
    private func locate(_ error: ForwardError, _ segments: [Segment]) -> ForwardError {
        guard case .broken(let symptom, _) = error else { return error }
        isSearching = true
        defer { isSearching = false }
        do throws(ForwardError) {
            _ = try passes(segments, nil)
        } catch {
            if case .broken(_, let place) = error { return .broken(symptom, place) }
        }
        return error
    }

    /// Room for all segments' tokens, or for none.
    private func reserve(_ segments: [Segment]) throws(CacheError) {
        var needed = 0
        for segment in segments {
            needed += try segment.sequence.pagesNeeded(for: segment.tokens.count)
        }
        guard needed <= cache.pagesAvailable else { throw .full(pages: cache.pageLimit) }
        for segment in segments { try segment.sequence.reserve(segment.tokens.count) }
    }

    /// Cuts the segments' tokens into passes.
    private func passes(
        _ segments: [Segment], _ inspect: ((Int, Int, UnsafeBufferPointer<Float>) -> Void)?
    ) throws(ForwardError) -> [[Reading]] {
        var results = [[Reading]](repeating: [], count: segments.count)
        var rows: [Row] = []
        for (s, segment) in segments.enumerated() {
            let start = segment.sequence.length
            for (i, token) in segment.tokens.enumerated() {
                let isRead = segment.read.positions.contains(i, of: segment.tokens.count)
                rows.append(
                    Row(segment: s, index: i, token: token, position: start + i, isRead: isRead))
                if rows.count == ForwardBuffers.rowLimit {
                    try pass(rows, segments, &results, inspect)
                    rows.removeAll(keepingCapacity: true)
                }
            }
        }
        if !rows.isEmpty { try pass(rows, segments, &results, inspect) }
        return results
    }

    private struct Row {
        let segment: Int
        let index: Int  // in the segment
        let token: Int32
        let position: Int  // in the sequence
        let isRead: Bool
    }

    /// The forward pass over at most `ForwardBuffers.rowLimit` rows: embedding, layers, and for rows that are read the output matrix.
    private func pass(
        _ rows: [Row], _ segments: [Segment], _ results: inout [[Reading]],
        _ inspect: ((Int, Int, UnsafeBufferPointer<Float>) -> Void)?
    ) throws(ForwardError) {
        let kernels = processor.kernels
        let pool = processor.pool
        var b: ForwardBuffers.Floats
        do throws(ModelError) {
            b = try buffers.floats(rows: rows.count, config: config)
        } catch {
            let wanted = ForwardBuffers.byteCount(rows: rows.count, config: config)
            throw .memory(bytes: wanted)
        }
        let longest = (rows.map(\.position).max() ?? 0) + 1
        rope.extend(to: longest)
        if config.architecture.localLayers { localRope.extend(to: longest) }
        embed(rows.map(\.token), into: b.x)
        if isSearching && !isNormal(b.x, plus: nil, rows: rows.count) {
            throw .broken(.notNumbers, .embedding)
        }

        let read = rows.indices.filter { rows[$0].isRead }
        // By layer: which of the read rows want it.
        var taps: [Int: [Int]] = [:]
        for (number, row) in read.enumerated() {
            for layer in segments[rows[row].segment].read.layers {
                precondition(
                    (1..<weights.layers.count).contains(layer), "a middle layer lies between two")
                taps[layer, default: []].append(number)
            }
        }
        var tapped = [[Int: [Float]]](repeating: [:], count: read.count)
        var fault: Fault?
        withPlaces(rows, segments) { places, angles, scores in
            var places = places
            var shape = shape
            var delta: UnsafePointer<Float>?  // nothing to add before the first layer
            for (index, layer) in weights.layers.enumerated() {
                let offset = index * ck_page_layer_bytes(&shape)
                let isLocal = config.isLocal(layer: index)
                shape.window = isLocal ? Int32(config.window) : 0

                // Attention: x += output(attend(rotate(q, k), v))
                ck_norm(kernels, pool, b.x, delta, layer.attentionNorm, config.epsilon, b.normed)
                for number in taps[index] ?? [] {
                    tapped[number][index] = Array(
                        UnsafeBufferPointer(
                            start: b.x + read[number] * config.width, count: config.width))
                }
                multiply(b.normed, (layer.query, b.q), (layer.key, b.k), (layer.value, b.v))
                normalize(b.q, rows: rows.count * config.heads, config.headSize, layer.queryNorm)
                normalize(b.k, rows: rows.count * config.kvHeads, config.headSize, layer.keyNorm)
                ck_rotate_store(
                    kernels, pool, &shape, places, offset, isLocal ? angles.local : angles.global,
                    b.normed.tokens, b.q, b.k, b.v)
                if index == weights.layers.count - 1 {
                    // Nobody reads the other rows any more: their keys and values are stored.
                    keep(read, of: &b)
                    places = read.map { places[$0] }
                    if read.isEmpty { return }
                }
                ck_attend(
                    kernels, pool, &shape, places, offset, b.attended.tokens, b.q,
                    b.attended.floats, scores)
                ck_quantize(kernels, pool, b.attended)
                multiply(b.attended, (layer.attentionOutput, b.delta))
                let tokens = Int(b.attended.tokens)
                normalize(b.delta, rows: tokens, config.width, layer.attentionOutputNorm)

                // Feed-forward: x += down(act(gate) * up)
                ck_norm(kernels, pool, b.x, b.delta, layer.forwardNorm, config.epsilon, b.normed)
                multiply(b.normed, (layer.gate, b.gate), (layer.up, b.up))
                ck_gated(
                    kernels, pool, config.architecture.gelu ? CK_GELU : CK_SILU, b.gate, b.up,
                    b.hidden)
                multiply(b.hidden, (layer.down, b.delta))
                normalize(b.delta, rows: tokens, config.width, layer.forwardOutputNorm)
                delta = UnsafePointer(b.delta)
                if isSearching && !isNormal(b.x, plus: b.delta, rows: tokens) {
                    fault = .layer(index, of: weights.layers.count)
                    return
                }
            }
        }
        if let fault { throw .broken(.notNumbers, fault) }
        var start = 0
        while start < read.count {
            // A stretch of what one matrix reads.
            let kept = segments[rows[read[start]].segment].read.rows
            let chunk = read[start...].prefix(ForwardBuffers.logitRows).prefix {
                segments[rows[$0].segment].read.rows == kept
            }
            try readOut(
                chunk.map { rows[$0] }, from: start, over: try kept.map(trimmed), segments, b,
                tapped, &results, inspect)
            start += chunk.count
        }
    }

    /// Moves the rows to be read to the front of what the rest of the last layer needs.
    private func keep(_ read: [Int], of b: inout ForwardBuffers.Floats) {
        let queries = config.heads * config.headSize
        for (to, from) in read.enumerated() where to != from {
            (b.x + to * config.width).update(from: b.x + from * config.width, count: config.width)
            (b.q + to * queries).update(from: b.q + from * queries, count: queries)
        }
        b.normed.tokens = Int32(read.count)
        b.attended.tokens = Int32(read.count)
        b.hidden.tokens = Int32(read.count)
    }

    /// Final norm, output matrix and summaries of rows that were kept, from number `start` on.
    /// - Parameter trimmed: the output matrix to take instead of the whole one.
    private func readOut(
        _ rows: [Row], from start: Int, over trimmed: TrimmedOutput?, _ segments: [Segment],
        _ b: ForwardBuffers.Floats,
        _ tapped: [[Int: [Float]]], _ results: inout [[Reading]],
        _ inspect: ((Int, Int, UnsafeBufferPointer<Float>) -> Void)?
    ) throws(ForwardError) {
        let width = config.width
        var normed = b.normed
        normed.tokens = Int32(rows.count)
        ck_norm(
            processor.kernels, processor.pool, b.x + start * width, b.delta + start * width,
            weights.outputNorm, config.epsilon, normed)
        multiply(normed, (trimmed?.projection ?? weights.output, b.logits))
        let ids = trimmed?.rows.ids
        let vocabulary = ids?.count ?? config.vocabulary
        if config.logitCap > 0 {
            ck_cap(
                processor.kernels, processor.pool, b.logits, rows.count * vocabulary,
                config.logitCap)
        }
        var summaries = [ck_summary](repeating: ck_summary(), count: rows.count)
        ck_summarize(
            processor.kernels, processor.pool, b.logits, Int32(rows.count), Int32(vocabulary),
            &summaries)
        for (i, row) in rows.enumerated() {
            let summary = summaries[i]
            let logits = UnsafeBufferPointer(start: b.logits + i * vocabulary, count: vocabulary)
            // A NaN among the logits shows in the entropy even where exp took it for 0.
            guard summary.log_sum.isFinite, !summary.entropy.isNaN else {
                throw .broken(.notNumbers, .output)
            }
            // Of nothing, a matrix makes logits that are all alike: no choice of the first token.
            if summary.largest == summary.runner_up {
                let hidden = UnsafeBufferPointer(start: normed.floats + i * width, count: width)
                guard hidden.contains(where: { $0 != 0 }) else {
                    throw .broken(.allEqual, .output)
                }
            }
            var reading = Reading(
                argmax: ids?[Int(summary.argmax)] ?? summary.argmax,
                second: ids?[Int(summary.second)] ?? summary.second,
                logProbability: summary.largest - summary.log_sum,
                secondLogProbability: summary.runner_up - summary.log_sum,
                entropy: max(summary.entropy, 0))
            let read = segments[row.segment].read
            if !read.targets.isEmpty {
                reading.targetLogProbabilities = read.targets[row.index].map { target in
                    let place = trimmed.map { $0.rows.place(of: target) } ?? Int(target)
                    return place.map { logits[$0] - summary.log_sum } ?? -.infinity
                }
            }
            if read.hidden {
                let hidden = UnsafeBufferPointer(start: normed.floats + i * width, count: width)
                reading.hidden = Array(hidden)
            }
            reading.layers = tapped[start + i]
            if read.top > 0 {
                reading.top = largest(read.top, of: logits).map { $0 - summary.log_sum }
            }
            if read.logits, row.index == segments[row.segment].tokens.count - 1 {
                reading.logits = LogitRow(
                    logits, of: trimmed?.rows, vocabulary: config.vocabulary,
                    logSum: summary.log_sum)
            }
            if let other = read.others.isEmpty ? nil : read.others[row.index] {
                let divergence = other.logits.withUnsafeBufferPointer {
                    ck_diverge(
                        processor.kernels, processor.pool, $0.baseAddress, other.logSum,
                        logits.baseAddress, summary.log_sum, Int32(vocabulary))
                }
                reading.divergence = Divergence(kl: divergence.kl, js: divergence.js)
            }
            inspect?(row.segment, row.index, logits)
            results[row.segment].append(reading)
        }
    }

    /// Whether rows of the residual stream are of numbers whose squares a norm can sum.
    private func isNormal(
        _ x: UnsafePointer<Float>, plus delta: UnsafePointer<Float>?, rows: Int
    ) -> Bool {
        (0..<rows).allSatisfy { row in
            var sum: Float = 0
            for i in row * config.width..<(row + 1) * config.width {
                let value = x[i] + (delta?[i] ?? 0)
                sum += value * value
            }
            return sum.isFinite
        }
    }

    /// The largest numbers, falling. O(vocabulary) plus a short insertion for each of the few that rise into the list.
    private func largest(_ count: Int, of logits: UnsafeBufferPointer<Float>) -> [Float] {
        var largest = [Float](repeating: -.infinity, count: min(count, logits.count))
        guard var least = largest.last else { return [] }
        for value in logits where value > least {
            var place = largest.count - 1
            while place > 0 && largest[place - 1] < value {
                largest[place] = largest[place - 1]
                place -= 1
            }
            largest[place] = value
            least = largest[largest.count - 1]
        }
        return largest
    }

    private typealias Product = (by: Weights.Projection, out: UnsafeMutablePointer<Float>)

    /// Products that share their input, in one parallel region.
    private func multiply(_ input: ck_activations, _ products: Product...) {
        let list = products.map {
            ck_product(
                matrix: $0.by.matrix, bias: $0.by.bias, out: $0.out,
                out_stride: Int($0.by.matrix.rows))
        }
        ck_multiply(processor.kernels, processor.pool, list, Int32(list.count), input)
    }

    /// Vectors side by side, each divided by its root mean square; nothing where the family has no such norm.
    private func normalize(
        _ x: UnsafeMutablePointer<Float>, rows: Int, _ columns: Int,
        _ weight: UnsafePointer<Float>?
    ) {
        guard let weight else { return }
        ck_norm_in_place(
            processor.kernels, processor.pool, x, weight, config.epsilon, Int32(rows),
            Int32(columns))
    }

    /// Rows of the embedding table, read from the mapped file.
    private func embed(_ tokens: [Int32], into x: UnsafeMutablePointer<Float>) {
        let table = weights.embedding
        let rowBytes = table.byteCount / table.rows
        file.withBytes(of: table) { bytes in
            guard let start = bytes.baseAddress else { return }
            for (i, token) in tokens.enumerated() {
                let row = x + i * config.width
                ck_dequantize_row(
                    ck_type(rawValue: table.type.number), start + Int(token) * rowBytes,
                    Int32(config.width), row)
                if config.architecture.scalesEmbeddings {
                    let scale = Float(config.width).squareRoot()
                    for column in 0..<config.width { row[column] *= scale }
                }
                // A table that is resident as the output matrix must not become so once more.
                rowsEmbedded += 1
                if weights.isTied && rowsEmbedded.isMultiple(of: 64) { file.dropPages(of: table) }
            }
        }
    }

    /// Rotary tables: that of layers that see all, and that of layers that see a window.
    private typealias Angles = (global: UnsafePointer<Float>?, local: UnsafePointer<Float>?)

    /// Calls `body` with each row's pages and position, the rotary tables, and room for attention scores. The pages' tables are
    /// copies that live as long as the call.
    private func withPlaces(
        _ rows: [Row], _ segments: [Segment],
        _ body: ([ck_place], Angles, UnsafeMutablePointer<Float>?) -> Void
    ) {
        let pages = segments.map { segment in
            let table = UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>.allocate(
                capacity: segment.sequence.table.count)
            table.initialize(from: segment.sequence.table, count: segment.sequence.table.count)
            return table
        }
        defer { for table in pages { table.deallocate() } }
        let places = rows.map {
            ck_place(pages: UnsafePointer(pages[$0.segment]), position: Int32($0.position))
        }
        let longest = Int32((rows.map(\.position).max() ?? 0) + 1)
        let scratch = ck_attention_scratch(processor.pool, &shape, longest)
        rope.rows.withUnsafeBufferPointer { global in
            localRope.rows.withUnsafeBufferPointer { local in
                buffers.scores(count: scratch) {
                    body(places, (global.baseAddress, local.baseAddress), $0)
                }
            }
        }
    }
}
