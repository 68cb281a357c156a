import Foundation

/// The command line, made ready for a parser that takes everything with a dash in front for an option.
enum Arguments {
    /// What the system passed, without the command's own name; nil if one of it is not UTF-8.
    static var given: [String]? {
        var all: [String] = []
        for index in 0..<Int(CommandLine.argc) {
            guard let raw = CommandLine.unsafeArgv[index],
                let text = String(validatingCString: raw)
            else { return nil }
            all.append(text)
        }
        return Array(all.dropFirst())
    }

    /// Options whose value is a text of the user's, which may begin with a dash.
    private static let texts: Set<String> = ["--prompt", "--system"]

    /// The same arguments with texts where they can't be taken for options: a value is tied to its option, and what can be no option goes behind `--`.
    static func untangled(_ arguments: [String]) -> [String] {
        var options: [String] = []
        var positional: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                return options + ["--"] + positional + rest
            } else if texts.contains(argument), let value = rest.first, value.hasPrefix("-") {
                rest.removeFirst()
                options.append("\(argument)=\(value)")
            } else if arguments.first == "tokenize", isText(argument) {
                positional.append(argument)
            } else {
                options.append(argument)
            }
        }
        return positional.isEmpty ? options : options + ["--"] + positional
    }

    /// Whether something with a dash in front can be no option: options start with a letter, and have no blanks before a value.
    private static func isText(_ argument: String) -> Bool {
        guard argument.hasPrefix("-"), argument != "-" else { return false }
        let scalars = argument.unicodeScalars.drop { $0 == "-" }
        guard let first = scalars.first, first.properties.isAlphabetic else { return true }
        return scalars.prefix { $0 != "=" }.contains { $0.properties.isWhitespace }
    }
}
