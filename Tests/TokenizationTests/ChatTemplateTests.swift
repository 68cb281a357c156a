import GGUF
import TestSupport
import Testing

@testable import Tokenization

struct ChatTemplateTests {
    @Test func chatML() {
        #expect(
            rendered(.chatML, system: "Be brief.", user: "Hi")
                == "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                + "<|im_start|>assistant\n")
        #expect(
            rendered(.chatML, user: "Hi")
                == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")
    }

    @Test func llama3() {
        #expect(
            rendered(.llama3, system: "Be brief.", user: " Hi\n")
                == "<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n")
    }

    @Test func gemma() {
        #expect(
            rendered(.gemma, system: "Be brief. ", user: " Hi\n")
                == "<start_of_turn>user\nBe brief. \n\nHi<end_of_turn>\n<start_of_turn>model\n")
        #expect(
            rendered(.gemma, user: "Hi")
                == "<start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n")
    }

    // As Python's `str.strip` has it, scalar by scalar.
    @Test(
        arguments: [
            ("\r\n a \r\n", "a"), (" \u{301}x", "\u{301}x"), ("x \u{301}", "x \u{301}"),
            ("\u{1C}\u{1D}a\u{1E}\u{1F}", "a"), ("\u{85}\u{A0}\u{3000}a\u{2028}", "a"),
            ("\u{200B}a\u{FEFF}", "\u{200B}a\u{FEFF}"), (" \t\r\n", ""), ("", ""),
            ("\u{0}a\u{0}", "\u{0}a\u{0}"), ("a \n b", "a \n b"),
        ])
    func stripsAsPythonDoes(text: String, stripped: String) {
        for template in [ChatTemplate.llama3, .gemma] {
            let contents = template.render(user: text).filter { $0 == .content(stripped) }
            #expect(contents.count == 1, "\(template)")
        }
        #expect(ChatTemplate.chatML.render(user: text).contains(.content(text)))
    }

    @Test(
        arguments: [
            ("{{ '<|im_start|>' + role }}", .chatML),
            ("{{ '<|start_header_id|>' + role }}", .llama3),
            ("{{ '<start_of_turn>' + role }}", .gemma), ("{{ '[INST]' }}", nil),
        ] as [(String, ChatTemplate?)])
    func isFoundByItsMarkers(program: String, template: ChatTemplate?) throws {
        let key = "tokenizer.chat_template"
        #expect(ChatTemplate.detect(in: try metadata([key: .string(program)])) == template)
        #expect(ChatTemplate.detect(in: try metadata([:])) == .chatML)
        #expect(ChatTemplate.detect(in: try metadata([key: .uint8(1)])) == nil)
    }

    private func rendered(
        _ template: ChatTemplate, system: String? = nil, user: String
    ) -> String {
        template.render(system: system, user: user).map(\.text).joined()
    }

    private func metadata(_ pairs: [String: TinyGGUF.Value]) throws -> GGUFMetadata {
        try withTemporaryDirectory { directory in
            let path = directory + "/tiny.gguf"
            try TinyModel.write(to: path, width: 32, layers: 1, feedForward: 32, metadata: pairs)
            return try GGUFFile(path: path).metadata
        }
    }
}
