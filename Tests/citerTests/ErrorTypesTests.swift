import ArgumentParser
import Assets
import Foundation
import Platform
import ResultsStore
import SweepSupport
import TestSupport
import Testing

@testable import citer

/// Every error that can reach the user says whose fault it is, so that the exit status is right.
struct ErrorTypesTests {
    /// Errors that never leave their room, as `file type`; the room turns them into others.
    private static let inner: Set<String> = [
        "Assets/Store/AssetStore+Fetch.swift Reason",
        "Assets/Store/Downloads.swift DownloadFailure",
        "Grading/Mathematics/MathParser.swift Failure",
        "Servers/Dialects/ServerDialect.swift ShapeFault",
        "Servers/HTTP/CurlLibrary.swift CurlAbsence",
        "Servers/HTTP/ServerAddress.swift ServerAddressFault",
        "Training/MatrixProduct.swift Absence",
    ]

    /// The error types declared in a text that do not conform to the protocol.
    private static func silent(in text: String) -> [String] {
        let declaration =
            /\b(?:enum|struct|class|actor|extension)\s+(?<name>[\w.]+)(?:<[^>{]*>)?\s*:(?<parents>[^{]*)\{/
        return text.matches(of: declaration).compactMap { match in
            let parents = match.parents.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            let isError = parents.contains { ["Error", "LocalizedError"].contains($0) }
            return isError && !parents.contains("ReportableError") ? String(match.name) : nil
        }
    }

    @Test func everyErrorTypeSaysWhoseFaultItIs() throws {
        let root = URL(fileURLWithPath: checkoutRoot).appendingPathComponent("Sources")
        let paths = FileManager.default.enumerator(atPath: root.path)?
            .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
        let files = try #require(paths)
        #expect(files.count > 200)
        var silent: Set<String> = []
        for file in files {
            let text = try String(
                contentsOf: root.appendingPathComponent(file), encoding: .utf8)
            silent.formUnion(Self.silent(in: text).map { "\(file) \($0)" })
        }
        #expect(silent == Self.inner)
    }

    @Test func theSearchFindsWhatIsForgotten() {
        #expect(Self.silent(in: "package enum Oops: Error, Equatable {") == ["Oops"])
        #expect(Self.silent(in: "struct A {}\nextension A:\n    Sendable, Error\n{\n}") == ["A"])
        #expect(
            Self.silent(in: "enum Fine: ReportableError, Equatable { case a(any Error) }") == [])
        #expect(Self.silent(in: "struct Box<T>: Equatable { let error: any Error }") == [])
    }

    @Test func theStatusIsTheErrorsOwn() {
        #expect(ExitCode(of: StoreError.missing(path: "a")) == .badInput)
        #expect(ExitCode(of: StoreError.full(path: "a")) == .workFailed)
        #expect(ExitCode(of: AssetError.unreadable(path: "a", reason: "b")) == .badInput)
        #expect(ExitCode(of: AssetError.interrupted(name: "a")) == .workFailed)
        #expect(ExitCode(of: ValidationError("a")) == .badInput)
        #expect(ExitCode(of: CocoaError(.fileNoSuchFile)) == .workFailed)
    }
}
