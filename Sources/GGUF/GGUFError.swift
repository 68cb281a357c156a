import Platform

/// What is wrong with a model file: one fact per case, with the field or tensor it concerns.
package enum GGUFError: ReportableError, Equatable {
    /// The operating system refused to open or map the file; `reason` is its own text.
    case unreadable(path: String, reason: String)
    /// The path names a directory, a pipe, a device or a socket.
    case notARegularFile(path: String)
    /// The first four bytes are not `GGUF`.
    case notGGUF(found: [UInt8])
    /// The file was written for a big-endian machine.
    case bigEndian
    /// The format's version is not 2 or 3.
    case unsupportedVersion(found: UInt32)
    /// The file ends inside `field`, which starts at byte `offset`.
    case truncated(field: String, offset: Int, needed: UInt64, available: Int)
    /// A count so large that its elements cannot be in the rest of the file.
    case countTooLarge(field: String, found: UInt64, available: Int)
    /// A key or tensor name that is empty, longer than 65,535 bytes or not UTF-8.
    case invalidName(field: String)
    /// A metadata value, or an array's element, of a type number outside 0...12.
    case unknownValueType(field: String, found: UInt32)
    /// A truth value that is neither 0 nor 1.
    case invalidBool(field: String, found: UInt8)
    /// Arrays of arrays deeper than `limit`.
    case nestingTooDeep(field: String, limit: Int)
    case duplicateKey(String)
    /// `general.alignment` is not a power of two of at least 8.
    case badAlignment(found: GGUFValue)
    case duplicateTensor(String)
    /// A tensor with a number of dimensions outside 1...4.
    case badRank(tensor: String, found: UInt32)
    /// A dimension of zero elements.
    case zeroDimension(tensor: String, axis: Int)
    /// Dimensions whose product, in elements or in bytes, exceeds 63 bits.
    case shapeOverflow(tensor: String, shape: [UInt64])
    /// A tensor type number that this reader does not know.
    case unknownTensorType(tensor: String, found: UInt32)
    /// A row that is not a whole number of the type's blocks.
    case partialBlock(tensor: String, columns: Int, type: TensorType)
    /// A tensor's offset that is not a multiple of the file's alignment.
    case misalignedTensor(tensor: String, offset: UInt64, alignment: Int)
    /// A tensor whose bytes go on after the end of the file.
    case tensorOutsideFile(tensor: String, offset: UInt64, byteCount: Int, available: Int)
    /// Two tensors that have bytes of the file in common.
    case overlappingTensors(String, String)
    /// A key that says how a model is split into files is missing or out of range.
    case badSplitKey(key: String, found: GGUFValue?, expected: String)
    /// A part of a split model whose name does not say so: the others are found by their names.
    case splitName(path: String, part: Int, of: Int)
    /// A part of a split model that is not there or cannot be read; parts count from 1.
    indirect case part(path: String, part: Int, of: Int, problem: GGUFError)
    /// A part that says something else under `key` than the first one does.
    case foreignPart(path: String, key: String)
    /// The parts hold another number of tensors than they promise.
    case splitTensorCount(found: Int, expected: Int)
}

extension GGUFError {
    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { true }

    /// What was found, what was expected, and what to do about it.
    package var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .notARegularFile(let path):
            "\(path) is not a regular file; give the path of a .gguf file"
        case .notGGUF(let found):
            "not a GGUF file: it starts with the bytes \(found), expected \"GGUF\""
        case .bigEndian:
            "the file is big-endian; only little-endian GGUF is read: convert it first"
        case .unsupportedVersion(let found):
            "GGUF version \(found) is not supported, expected 2 or 3: convert the model again"
        case .truncated(let field, let offset, let needed, let available):
            "the file ends inside \(field): \(needed) bytes needed at byte \(offset), "
                + "\(available) left; fetch it again"
        case .countTooLarge(let field, let found, let available):
            "\(field) is \(found), more than the \(available) bytes left in the file can hold; "
                + "the file is damaged"
        case .invalidName(let field):
            "\(field) is empty, longer than 65535 bytes or not UTF-8"
        case .unknownValueType(let field, let found):
            "\(field) has the value type \(found), expected 0 to 12"
        case .invalidBool(let field, let found):
            "\(field) is the truth value \(found), expected 0 or 1"
        case .nestingTooDeep(let field, let limit):
            "\(field) nests arrays deeper than \(limit)"
        case .duplicateKey(let key):
            "the metadata key \(key) occurs twice"
        case .badAlignment(let found):
            "general.alignment is \(found), expected a power of two of at least 8"
        case .duplicateTensor(let name):
            "the tensor \(name) occurs twice"
        case .badRank(let tensor, let found):
            "tensor \(tensor) has \(found) dimensions, expected 1 to 4"
        case .zeroDimension(let tensor, let axis):
            "tensor \(tensor) has no elements along dimension \(axis)"
        case .shapeOverflow(let tensor, let shape):
            "tensor \(tensor) has the impossible shape \(shape)"
        case .unknownTensorType(let tensor, let found):
            "tensor \(tensor) has the unknown type number \(found)"
        case .partialBlock(let tensor, let columns, let type):
            "tensor \(tensor) has rows of \(columns) elements, expected a multiple of "
                + "\(type.blockSize) for \(type.name)"
        case .misalignedTensor(let tensor, let offset, let alignment):
            "tensor \(tensor) starts at \(offset) in the data, expected a multiple of "
                + "\(alignment)"
        case .tensorOutsideFile(let tensor, let offset, let byteCount, let available):
            "tensor \(tensor) needs \(byteCount) bytes at \(offset) in the data, which has "
                + "\(available); the file is cut short, fetch it again"
        case .overlappingTensors(let first, let second):
            "the tensors \(first) and \(second) share bytes of the file, expected each to have its own:"
                + " convert the model again"
        case .badSplitKey(let key, let found, let expected):
            "\(key) is \(found.map { "\($0)" } ?? "missing"), expected \(expected): the file says "
                + "that it is part of a split model; split it again"
        case .splitName(let path, let part, let count):
            "\(path) is part \(part) of \(count) of a split model, but its name does not end in "
                + "\"\(SplitName.ending(part: part, of: count))\": the parts are found by their "
                + "names; give them back those they had"
        case .part(let path, let part, let count, let problem):
            "part \(part) of \(count) of a split model: \(Self.located(problem, at: path)); all "
                + "parts must lie in one folder"
        case .foreignPart(let path, let key):
            "\(path) says something else under \(key) than the first part of the split model; "
                + "is it a part of another one?"
        case .splitTensorCount(let found, let expected):
            "the parts of the split model hold \(found) tensors, expected \(expected) by "
                + "split.tensors.count; fetch them again"
        }
    }

    /// The problem with the path of its file, which some descriptions name themselves.
    private static func located(_ problem: GGUFError, at path: String) -> String {
        switch problem {
        case .unreadable, .notARegularFile: "\(problem)"
        default: "\(path): \(problem)"
        }
    }
}
