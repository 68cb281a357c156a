import Foundation
import TestSupport

/// Writes a tiny experiment, for scripts: `tiny-sweep DIRECTORY [QUESTIONS [TOKENS [WIDTH]]]`.
@main
enum TinySweep {
    static func main() throws {
        let arguments = CommandLine.arguments
        let numbers = arguments.dropFirst(2).map(Int.init)
        guard (2...5).contains(arguments.count), !numbers.contains(nil) else {
            print("usage: tiny-sweep DIRECTORY [QUESTIONS [TOKENS [WIDTH]]]")
            exit(2)
        }
        let given = numbers.compactMap(\.self)
        var size = TinyExperiment.Size()
        if given.count > 0 { size.questions = given[0] }
        if given.count > 1 { size.maxTokens = given[1] }
        if given.count > 2 { size.width = given[2] }
        size.context = 512 + size.maxTokens
        print(try TinyExperiment(at: arguments[1], size: size).spec)
    }
}
