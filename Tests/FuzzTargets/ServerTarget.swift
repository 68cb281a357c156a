import Foundation
import GGUF
import Generation
import Inference
import Platform
import TestSupport
import Tokenization

@testable import Servers

/// Bodies of servers' answers: whatever they hold, they give readings that a model could have, or a fault in words that steer no terminal.
///
/// An input is a byte that says what was asked, then the body; what a server tells of itself is two bodies, with a zero byte between.
package struct ServerTarget: FuzzTarget {
    package static let name = "server"

    private let dialects: [any ServerDialect]
    private static let vocabulary = 100
    private static let prompt: [Int32] = [3, 5, 7, 11]

    package init() throws {
        let folder = try ScratchFolder()
        let path = folder.file("tokens.gguf")
        try writeFile(TinyFile.tokenizer, to: path)
        let tokenizer = try Tokenizer(GGUFFile(path: path))
        dialects = ServerKind.allCases.map { $0.dialect(model: "m", tokenizer) }
    }

    /// What is asked of a dialect.
    private enum Question: Int, CaseIterable {
        case next, judged, several, itself, tokens
    }

    package var seeds: [[UInt8]] {
        let llama = #"""
            {"tokens": [2], "id_slot": 0, "completion_probabilities": [{"id": 2, "logprob": -0.1, "top_logprobs":
             [{"id": 2, "logprob": -0.1}, {"id": 4, "logprob": -2.5}]}], "timings/cache_n": 3, "timings/prompt_n": 1,
             "timings/prompt_ms": 1.5, "timings/predicted_ms": 2}
            """#
        let llamaItself = #"""
            {"default_generation_settings": {"n_ctx": 1000}, "total_slots": 4, "build_info": "b1", "model_ftype": "Q8_0"}
            """#
        let models =
            #"{"data": [{"id": "m", "root": "r", "max_model_len": 1000, "meta": {"n_params": 7, "size": 9}}]}"#
        let vllm = #"""
            {"choices": [{"logprobs": {"tokens": ["token_id:2"], "token_logprobs": [-0.1], "top_logprobs":
             [{"token_id:2": -0.1, "token_id:4": -2.5}]}, "prompt_logprobs": [null, {"5": {"logprob": -3}, "6": {"logprob": -0.2},
             "8": {"logprob": -3.5}}, {"7": {"logprob": -0.5}, "9": {"logprob": -1.5}}, {"11": {"logprob": -0.7}, "1": {"logprob": -0.8}}]}],
             "usage": {"prompt_tokens": 4, "prompt_tokens_details": {"cached_tokens": 1}}}
            """#
        let sglang = #"""
            {"meta_info": {"prompt_tokens": 4, "cached_tokens": 2, "e2e_latency": 0.25, "input_token_logprobs":
             [[null, 5, null], [-0.5, 7, null], [-0.7, 11, "x"]], "input_top_logprobs": [null, [[-0.5, 7, null], [-1.5, 9, null]],
             [[-0.7, 11, null], [-0.8, 1, null]]], "output_token_logprobs": [[-0.1, 2, null]], "output_top_logprobs":
             [[[-0.1, 2, null], [-2.5, 4, null]]]}}
            """#
        func input(_ dialect: Int, _ question: Question, _ body: String) -> [UInt8] {
            [UInt8(dialect + 3 * question.rawValue)] + Array(body.utf8)
        }
        return [
            input(0, .next, llama), input(0, .several, llama), input(1, .next, vllm),
            input(1, .judged, vllm), input(1, .several, vllm), input(2, .next, sglang),
            input(2, .judged, sglang), input(2, .several, sglang),
            input(0, .itself, llamaItself + "\0" + models),
            input(1, .itself, #"{"version": "1"}"# + "\0" + models),
            input(2, .itself, #"{"version": "1", "max_total_num_tokens": 5}"# + "\0" + models),
            input(1, .tokens, #"{"tokens": [1, 2, 99], "count": 3}"#),
        ]
    }

    package var words: [String] {
        [
            "\"tokens\":", "\"id\":", "\"logprob\":", "\"top_logprobs\":",
            "\"completion_probabilities\":", "\"id_slot\":", "\"timings/cache_n\":",
            "\"timings/prompt_ms\":", "\"choices\":", "\"logprobs\":", "\"token_logprobs\":",
            "\"prompt_logprobs\":", "\"token_id:", "\"usage\":", "\"prompt_tokens\":",
            "\"cached_tokens\":", "\"meta_info\":", "\"input_token_logprobs\":",
            "\"output_token_logprobs\":", "\"n_ctx\":", "\"total_slots\":", "\"max_model_len\":",
            "\"data\":", "null", "true", "-0.0", "1e999", "-1e999", "1e-400", "NaN", "-Infinity",
            "9223372036854775808", "-1", "1.5", "2147483648", "[[", "{}", "\\u0000", "\\u202e",
            "\\ud800", "\0",
        ]
    }

    package func check(_ bytes: [UInt8]) throws(BrokenPromise) {
        var input = ByteReader(bytes)
        let choice = input.byte()
        let dialect = dialects[Int(choice) % dialects.count]
        let question = Question(
            rawValue: Int(choice) / dialects.count % Question.allCases.count)
        do {
            switch question {
            case .next, nil: try read(input.remainder(), dialect, Read(.last, top: 2))
            case .judged:
                var read = Read(.from(1), top: 2)
                read.targets = [[], [1, 7], [11]]
                try self.read(input.remainder(), dialect, read)
            case .several:
                let ask = ServerAsk(prompt: Self.prompt, count: 3)
                for place in try dialect.answer(input.remainder(), to: ask).written {
                    try check(try WrittenToken(place, vocabulary: Self.vocabulary))
                }
            case .itself:
                let bodies = input.texts().map { Array($0.utf8) }
                let answers = dialect.questions.indices.map { index in
                    bodies.indices.contains(index) && !bodies[index].isEmpty ? bodies[index] : nil
                }
                _ = try dialect.description(answers, of: "m")
            case .tokens: _ = try dialect.tokens(input.remainder())
            }
        } catch let error as BrokenPromise {
            throw error
        } catch let fault as ShapeFault {
            try check(fault)
        } catch {
            throw BrokenPromise("an error without a name of ours: \(type(of: error)): \(error)")
        }
    }

    /// What a model behind the server makes of the answer when one token was read before.
    private func read(_ body: [UInt8], _ dialect: any ServerDialect, _ read: Read) throws {
        let read = ServerRead(read, of: Self.prompt, before: 1)
        let answer = try dialect.answer(body, to: read.ask)
        try answer.checkCounts()
        for reading in try read.readings(answer, vocabulary: Self.vocabulary) {
            try check(reading)
        }
    }

    private func check(_ reading: Reading) throws(BrokenPromise) {
        let ids = 0..<Int32(Self.vocabulary)
        try promise(
            ids.contains(reading.argmax) && ids.contains(reading.second)
                && reading.argmax != reading.second, "tokens of \(reading)")
        let (first, second) = (reading.logProbability, reading.secondLogProbability)
        try promise(
            first.isFinite && second.isFinite && first <= 0 && second <= first + 1e-3,
            "probabilities of \(reading)")
        try promise(exp(first) + exp(second) < 1.03, "more than all in \(reading)")
        for target in reading.targetLogProbabilities {
            try promise(
                target.isNaN || target <= first + 2e-3, "a target above the first in \(reading)")
        }
        try promise(
            zip(reading.top, reading.top.dropFirst()).allSatisfy { $0 >= $1 },
            "the largest do not fall in \(reading)")
    }

    private func check(_ token: WrittenToken) throws(BrokenPromise) {
        let ids = 0..<Int32(Self.vocabulary)
        try promise(
            ids.contains(token.token) && token.second.map(ids.contains) ?? true
                && token.second != token.token, "\(token)")
        if let margin = token.margin {
            try promise(margin.isFinite && margin >= -1e-3, "a margin of \(margin)")
        }
    }

    private func check(_ fault: ShapeFault) throws(BrokenPromise) {
        let words = ServerError.shape(server: "https://a", path: "/b", reason: fault.reason)
            .description
        try promise(!fault.reason.isEmpty, "a fault without words")
        try promise(
            !words.unicodeScalars.contains { steers($0) || $0 == "\n" || $0 == "\t" },
            "a message that may steer a terminal: \(String(reflecting: words))")
    }
}
