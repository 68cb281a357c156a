import GGUF
import TestSupport
import Testing

@testable import Tokenization

/// What chat programs do that no format here does: written after the files of Qwen, SmolLM, Llama and Gemma.
struct ChatProgramTests {
    private static let turns = #"{{- '<|im_start|>' + message.role + '\n<think>' }}"#

    /// Programs, and what they put behind the head of the assistant's turn, without its spaces.
    private static let starts: [(String, String?)] = [
        (#"{{- '<|im_start|>assistant\n' }}"#, nil),
        (#"{{- '<|im_start|>assistant\n<think>\n' }}"#, "<think>"),
        (#"{{ "<|im_start|>" + "assistant\n" + "Sure: " }}"#, "Sure:"),
        (#"{{- '<|im_start|>assistant\n' }} {{- '<think>\n' }}"#, "<think>"),
        ("<|im_start|>assistant\n", nil),
        ("<|im_start|>assistant\n<think>\n", "<think>"),
        // Switches: what holds if nobody sets them.
        (
            #"""
            {{- '<|im_start|>assistant\n' }}
            {%- if enable_thinking is defined and enable_thinking is false %}
                {{- '<think>\n\n</think>\n\n' }}
            {%- endif %}
            """#, nil
        ),
        (
            #"""
            {{- '<|im_start|>assistant\n' }}
            {%- if enable_thinking is defined and enable_thinking is false %}
                {{- '<think>\n\n</think>\n\n' }}
            {%- else %}
                {{- '<think>\n' }}
            {%- endif %}
            """#, "<think>"
        ),
        (
            #"""
            {{- '<|im_start|>assistant\n' }}
            {%- if enable_thinking is not defined or enable_thinking %}{{ '<think>' }}{% endif %}
            """#, "<think>"
        ),
        (
            #"""
            {% if mode == "/think" %}{{ "<|im_start|>assistant\n" }}
            {% else %}{{ "<|im_start|>assistant\n" + "<think>\n\n</think>\n" }}{% endif %}
            """#, nil
        ),
        // An empty thought that is always there is part of the prompt.
        (#"{{ '<|im_start|>assistant\n<think>\n\n</think>\n\n' }}"#, "<think></think>"),
        (#"{{ '<|im_start|>assistant\n' }}{% else %}{{ eos_token + '<think>' }}"#, nil),
        (#"{# '<think>' #}{{ '<|im_start|>assistant\n' }}"#, nil),
        ("{{ opening }}", nil),
    ]

    @Test(arguments: starts)
    func answersThatAreStarted(program: String, start: String?) throws {
        let text = """
            {%- for message in messages %}\(Self.turns){%- endfor %}
            {%- if add_generation_prompt %}\(program){% endif %}
            """
        let found = try #require(try chatProgram(text)).answerStart
        #expect(found?.filter { !$0.isWhitespace } == start)
    }

    @Test(
        arguments: [
            (#"<|start_header_id|>assistant<|end_header_id|>\n\n"#, nil),
            (#"<|start_header_id|>assistant<|end_header_id|>\n\n<think>"#, "\n\n<think>"),
            (#"<start_of_turn>model\n"#, nil), (#"<start_of_turn>model\nOK "#, "\nOK "),
        ] as [(String, String?)])
    func answersOfOtherFormats(head: String, start: String?) throws {
        let program = try #require(
            try chatProgram("{% if add_generation_prompt %}{{ '\(head)' }}{% endif %}"))
        #expect(program.answerStart == start)
    }

    /// Braces in quotes end nothing, and an expression that chooses is not followed.
    @Test func programsOfManyHands() throws {
        let programs = [
            #"{{- "<tools>{{\"name\": <n>}}\n{% if %}" }}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}<think>"#,
            #"{{ '<|im_start|>assistant\n' if add_generation_prompt else '<think>' }}"#,
            "{{ '<|im_start|>' }}{% if add_generation_prompt %}", "{{ '<|im_start|>",
            "<|im_start|>{",
        ]
        for text in programs {
            let program = try #require(try chatProgram(text))
            #expect(program.template == .chatML && program.answerStart == nil, "\(text)")
        }
        #expect(try chatProgram("{{ '[INST]' }}") == nil)
    }

    /// The begin token is `<|endoftext|>`.
    @Test(
        arguments: [
            ("{{ bos_token }}{{ '<|im_start|>' }}", true),
            ("{{- bos_token + '<|im_start|>' -}}", true),
            ("{% set content = bos_token + content %}<|im_start|>", true),
            ("<|endoftext|>{{ '<|im_start|>' }}", true),
            ("{% for m in messages %}\n{{- '<|endoftext|>' + '<|im_start|>' }}", true),
            ("{{ '<|im_start|>' }}", false), ("{# bos_token #}<|im_start|>", false),
            ("{{ 'bos_token' + '<|im_start|>' }}", false),
            ("{{ add_bos_token }}<|im_start|>", false),
            ("{% if bos_token %}<|im_start|>{% endif %}", false),
            ("{{ '<|im_start|>' + m + '<|endoftext|>' }}", false),
            ("{{ m + '<|endoftext|>' }}<|im_start|>", false),
        ])
    func beginTokensThatAreWritten(program: String, writes: Bool) throws {
        #expect(try #require(try chatProgram(program)).writesBegin == writes)
    }

    private func chatProgram(_ text: String) throws -> ChatProgram? {
        let begin = try #require(TinyVocabulary.id(of: "<|endoftext|>"))
        return try withTemporaryDirectory { directory in
            let path = directory + "/tiny.gguf"
            try TinyModel.write(
                to: path, width: 32, layers: 1, feedForward: 32,
                metadata: [
                    "tokenizer.chat_template": .string(text),
                    "tokenizer.ggml.bos_token_id": .uint32(UInt32(begin)),
                ])
            let file = try GGUFFile(path: path)
            return ChatProgram(in: file.metadata, of: try Tokenizer(file))
        }
    }
}
