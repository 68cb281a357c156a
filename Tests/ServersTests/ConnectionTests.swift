import Foundation
import Platform
import ServerSupport
import TestSupport
import Testing
import Tokenization

@testable import Servers

/// Who a server is, and whether it may be asked.
@Suite(.timeLimit(.minutes(10))) struct ConnectionTests {
    private let tokenizer: Tokenizer

    init() throws { tokenizer = try tinyTokenizer() }

    private func withServer<R>(
        _ kind: ServerKind, faults: [String] = [], _ arguments: [String] = [],
        _ body: (FakeServer) throws -> R
    ) throws -> R {
        try withTemporaryDirectory { folder in
            try tokenTable(of: tokenizer).write(to: URL(fileURLWithPath: folder + "/table.json"))
            let server = try FakeServer(
                kind, vocabulary: tokenizer.vocabularyCount, faults: faults,
                arguments: ["--tokenizer", folder + "/table.json", "--slots", "4"] + arguments)
            return try body(server)
        }
    }

    @Test(arguments: ServerKind.allCases)
    func tellsWhoItIs(kind: ServerKind) throws {
        try withServer(kind) { server in
            let connection = try ServerConnection(server.settings(), tokenizer)
            #expect(connection.context == 1000)
            #expect(connection.description.slots == (kind == .llamaServer ? 4 : nil))
            #expect(!connection.description.settings.isEmpty)
            try connection.check(tokenizer, named: "tiny")
        }
    }

    @Test(arguments: ServerKind.allCases)
    func otherTokensAreNoticed(kind: ServerKind) throws {
        try withServer(kind, faults: ["tokenize-differs"]) { server in
            let connection = try ServerConnection(server.settings(), tokenizer)
            let error = try #require(throws: ServerError.self) {
                try connection.check(tokenizer, named: "tiny")
            }
            guard case .otherTokens(_, "tiny", _, let ours, let theirs) = error else {
                Issue.record(error)
                return
            }
            #expect(ours != theirs && ours.dropLast() == theirs.dropLast())
            #expect(error.isBadInput && error.description.contains("name the tokenizer"))
        }
    }

    @Test func someHundredTextsOfManyKinds() {
        let texts = TokenizerSamples.texts(of: tokenizer)
        #expect(texts.count > 100)
        #expect(texts.contains { $0.parseSpecial && $0.text.contains("<|im_start|>") })
        #expect(texts.contains { !$0.parseSpecial && $0.text.contains("<|im_start|>") })
    }

    @Test(arguments: ServerKind.allCases)
    func keysAreSentAndNeverShown(kind: ServerKind) throws {
        try withServer(kind, ["--key", "s3cret"]) { server in
            let settings = try server.settings(key: "THE_KEY")
            let secret = try server.settings(key: "sk-secret")
            for environment in [[:], ["sk-secret": "value"]] {
                #expect(throws: ServerError.noVariable) {
                    try ServerConnection(secret, tokenizer, environment: environment)
                }
            }
            _ = try ServerConnection(settings, tokenizer, environment: ["THE_KEY": "s3cret"])
            for environment in [["THE_KEY": "wrong"], ["THE_KEY": "two\nlines"], [:]] {
                let error = try #require(throws: ServerError.self) {
                    _ = try ServerConnection(settings, tokenizer, environment: environment)
                }
                #expect(error.isBadInput && error.description.contains("THE_KEY"))
                #expect(
                    !error.description.contains("wrong\"") && !error.description.contains("lines\"")
                )
            }
            let error = try #require(throws: ServerError.self) {
                _ = try ServerConnection(try server.settings(), tokenizer)
            }
            #expect(error.description.contains("name an environment variable"))
        }
    }

    @Test func fewerSlotsThanRequests() throws {
        try withServer(.llamaServer) { server in
            let error = try #require(throws: ServerError.self) {
                _ = try ServerConnection(try server.settings(concurrency: 5), tokenizer)
            }
            #expect(error.description.contains("4 requests at a time") && error.isBadInput)
        }
    }

    @Test(arguments: [ServerKind.vllm, .sglang])
    func anotherModel(kind: ServerKind) throws {
        try withServer(kind) { server in
            let error = try #require(throws: ServerError.self) {
                _ = try ServerConnection(try server.settings(model: "other"), tokenizer)
            }
            #expect(error.description.contains("no model \"other\"; it has fake"))
        }
    }

    /// A server of another model under the same identity.
    @Test(arguments: ServerKind.allCases)
    func changedAnswersAreNoticed(kind: ServerKind) throws {
        let first = try withServer(kind) { server in
            try ServerConnection(server.settings(), tokenizer).probe(tokenizer)
        }
        #expect(ServerProbe(text: try first.text) == first)
        try withServer(kind) { server in
            let connection = try ServerConnection(server.settings(), tokenizer)
            try connection.check(
                try connection.probe(tokenizer), against: first, tokenizer)
        }
        try withServer(kind, ["--seed", "5", "--dissent", "1"]) { server in
            let connection = try ServerConnection(server.settings(), tokenizer)
            let now = try connection.probe(tokenizer)
            let error = try #require(throws: ServerError.self) {
                try connection.check(now, against: first, tokenizer)
            }
            #expect(error.isBadInput && error.description.contains("another identity"))
        }
    }

    @Test func nearTiesAreNoChange() {
        func probe(_ token: Int32, _ logProbability: Double, _ margin: Double) -> ServerProbe {
            ServerProbe(places: [
                .init(token: token, logProbability: logProbability, margin: margin)
            ])
        }
        #expect(probe(1, -1, 0.1).contradiction(to: probe(2, -1, 0.05)) == nil)
        #expect(probe(1, -1, 1).contradiction(to: probe(1, -1.2, 1)) == nil)
        #expect(probe(1, -1, 1).contradiction(to: probe(1, -1.3, 1)) == 0)
        #expect(probe(1, -1, 0.1).contradiction(to: probe(2, -1, 0.5)) == 0)
        #expect(probe(1, -1, 1).contradiction(to: ServerProbe(places: [])) == 0)
    }

    // MARK: - Addresses

    @Test(arguments: [
        "http://127.0.0.1:8080", "https://models.example.org", "http://[::1]:80",
        "http://host:1/v1/", "http://a_b-c.d",
    ])
    func addresses(text: String) throws {
        let address = try ServerAddress(text)
        #expect(!address.text.hasSuffix("/") && text.hasPrefix(address.text))
    }

    @Test(arguments: [
        ("ftp://host", ServerAddressFault.scheme), ("localhost:80", .scheme), ("", .scheme),
        ("http://user:pw@host", .credentials), ("http://host?a=b", .query),
        ("http://host#x", .query),
        ("http://", .host), ("http://host:0", .host), ("http://host:70000", .host),
        ("http://ho st", .host), ("http://höst", .host), ("http://a\\b", .host),
        ("http://a\nb", .host),
    ])
    func wrongAddresses(text: String, fault: ServerAddressFault) {
        #expect(throws: fault) { try ServerAddress(text) }
    }

    // MARK: - Trying again

    @Test func pausesGrow() {
        for tries in 1...12 {
            let whole = min(8, 0.25 * Double(1 << (tries - 1)))
            let pause = RetryPolicy.pause(after: tries, asked: nil) / .seconds(1)
            #expect(pause >= whole / 2 && pause <= whole)
        }
        #expect(RetryPolicy.pause(after: 1, asked: .seconds(30)) == .seconds(30))
        #expect(RetryPolicy.pause(after: 6, asked: .seconds(1)) > .seconds(3))
    }

    @Test func retryAfter() {
        let now = Date(timeIntervalSince1970: 784_111_767)  // Sun, 06 Nov 1994 08:49:27 GMT
        #expect(RetryPolicy.asked(by: "7", now: now) == .seconds(7))
        #expect(RetryPolicy.asked(by: "Sun, 06 Nov 1994 08:49:37 GMT", now: now) == .seconds(10))
        #expect(RetryPolicy.asked(by: "Sun, 06 Nov 1994 08:49:17 GMT", now: now) == .seconds(0))
        for odd in [nil, "", "soon", "-1", "1e3", "9999999999999999999"] {
            #expect(RetryPolicy.asked(by: odd, now: now) == nil)
        }
    }
}
