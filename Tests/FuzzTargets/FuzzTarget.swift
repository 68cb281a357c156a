import Platform

/// One kind of input that comes from elsewhere, and what must hold whatever its bytes are.
///
/// A trap, a hang or a wrong address is a finding by itself; `check` looks for the rest.
package protocol FuzzTarget: SendableMetatype {
    /// As `make fuzz TARGET=...` has it.
    static var name: String { get }

    /// What all inputs share.
    init() throws

    /// Small inputs to start from, most of which are accepted.
    var seeds: [[UInt8]] { get throws }

    /// Words of the input's language, which changes put in.
    var words: [String] { get }

    /// Reads an input and everything that is made of it.
    func check(_ bytes: [UInt8]) throws(BrokenPromise)
}

extension FuzzTarget {
    /// None, for what is not text.
    package var words: [String] { [] }
}

/// What an input showed to be wrong.
package struct BrokenPromise: Error, CustomStringConvertible {
    /// The promise, and what was found instead.
    package let description: String

    init(_ description: String) { self.description = description }
}

/// All targets, and the one of a name.
package enum FuzzTargets {
    /// In the order in which `make fuzz` runs them.
    package static let all: [any FuzzTarget.Type] = [
        ModelFileTarget.self, TokenizerTarget.self, SpecTarget.self, GradingTarget.self,
        TaskTarget.self, RouterTarget.self, ServerTarget.self, MergeTarget.self,
    ]

    /// The target called `name`; nil if there is none.
    package static func named(_ name: String) -> (any FuzzTarget.Type)? {
        all.first { $0.name == name }
    }
}

/// Throws unless a promise is kept.
func promise(
    _ isKept: @autoclosure () -> Bool, _ description: @autoclosure () -> String
) throws(BrokenPromise) {
    guard isKept() else { throw BrokenPromise(description()) }
}

/// What `body` makes of an input; nil if it refuses it, which must be by an error that says itself what is wrong.
func accepted<Value>(_ body: () throws -> Value) throws(BrokenPromise) -> Value? {
    do {
        return try body()
    } catch let error as BrokenPromise {
        throw error
    } catch let error as any ReportableError {
        try promise(!error.description.isEmpty, "an error without words: \(type(of: error))")
        return nil
    } catch {
        throw BrokenPromise("an error without a name of ours: \(type(of: error)): \(error)")
    }
}
