import GGUF
import TestSupport
import Testing

@testable import Tokenization

struct ChatTemplateTests {
    @Test func chatML() {
        #expect(
            ChatTemplate.chatML.render(system: "Be brief.", user: "Hi")
                == "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                + "<|im_start|>assistant\n")
        #expect(
            ChatTemplate.chatML.render(user: "Hi")
                == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")
    }

    @Test func llama3() {
        #expect(
            ChatTemplate.llama3.render(system: "Be brief.", user: " Hi\n")
                == "<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n")
    }

    @Test func gemma() {
        #expect(
            ChatTemplate.gemma.render(system: "Be brief. ", user: " Hi\n")
                == "<start_of_turn>user\nBe brief. \n\nHi<end_of_turn>\n<start_of_turn>model\n")
        #expect(
            ChatTemplate.gemma.render(user: "Hi")
                == "<start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n")
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

    private func metadata(_ pairs: [String: TinyGGUF.Value]) throws -> GGUFMetadata {
        try withTemporaryDirectory { directory in
            let path = directory + "/tiny.gguf"
            try TinyModel.write(to: path, width: 32, layers: 1, feedForward: 32, metadata: pairs)
            return try GGUFFile(path: path).metadata
        }
    }
}
