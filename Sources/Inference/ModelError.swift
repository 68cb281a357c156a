import GGUF
import Platform

/// What a model file says that this decoder can't use.
package enum ModelError: ReportableError, Equatable {
    case unknownArchitecture(String)
    case missing(key: String)
    case invalid(key: String, found: String, expected: String)
    /// A key that asks for arithmetic that is not written here.
    case unsupported(key: String, found: String, expected: String)
    /// A key of the architecture that this decoder has never heard of.
    case unknownKey(String, found: String)
    case missingTensor(name: String)
    /// A tensor that the forward pass has no place for, the first of `count`.
    case unusedTensor(name: String, count: Int)
    /// A tensor of a layer that is not among the model's.
    case extraLayer(tensor: String, layers: Int)
    case wrongShape(tensor: String, found: [Int], expected: [Int])
    case unsupportedType(tensor: String, type: String)
    case outOfMemory(bytes: Int)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { if case .outOfMemory = self { false } else { true } }

    /// What was found and what to do.
    package var description: String {
        switch self {
        case .unknownArchitecture(let name):
            "architecture \"\(name)\" is not supported; this decoder knows "
                + Architecture.allCases.map(\.rawValue).joined(separator: ", ")
        case .missing(let key): "the model file has no \(key)"
        case .invalid(let key, let found, let expected):
            "the model file's \(key) is \(found); expected \(expected)"
        case .unsupported(let key, let found, let expected):
            "the model file's \(key) is \(found), which asks for arithmetic that this decoder does"
                + " not have; expected \(expected)"
        case .unknownKey(let key, let found):
            "the model file's \(key), which is \(found), is unknown to this decoder; it may change"
                + " the model's arithmetic, so the file is refused"
        case .missingTensor(let name): "the model file has no tensor \(name)"
        case .unusedTensor(let name, let count):
            "the model file has \(count) tensor\(count == 1 ? "" : "s") that this architecture's"
                + " forward pass does not use, \(count == 1 ? "" : "the first of them ")\(name);"
                + " without \(count == 1 ? "it" : "them") the numbers would be wrong"
        case .extraLayer(let tensor, let layers):
            "tensor \(tensor) belongs to a layer beyond the \(layers) of the file's block_count"
        case .wrongShape(let tensor, let found, let expected):
            "tensor \(tensor) has the shape \(found); its metadata imply \(expected)"
        case .unsupportedType(let tensor, let type):
            "tensor \(tensor) is stored as \(type), which this decoder does not read; convert the"
                + " model to \(Self.supportedTypes)"
        case .outOfMemory(let bytes):
            "the system refused \(bytes) bytes for the model's weights"
        }
    }

    private static var supportedTypes: String {
        let names = TensorType.supported.map(\.name)
        return names.dropLast().joined(separator: ", ") + " or " + names.suffix(1).joined()
    }
}
