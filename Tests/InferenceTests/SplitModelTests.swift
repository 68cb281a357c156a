import GGUF
import TestSupport
import Testing

@testable import Inference

struct SplitModelTests {
    /// The same model from one file and from three, whichever part is named.
    @Test func saysTheSame() throws {
        try withTemporaryDirectory { directory in
            let text = randomTexts([12])[0]
            func said(_ path: String) throws -> [Said] {
                try Model(GGUFFile(path: path), processor: Processor(threads: 1)).sayOneByOne(text)
            }
            let whole = try TinyModel.write(to: directory + "/m.gguf", types: mixedTypes)
            let parts = try TinyModel.write(to: directory + "/m.gguf", types: mixedTypes, parts: 3)
            #expect(parts[1] == directory + "/m-00002-of-00003.gguf")
            let expected = try said(whole[0])
            for part in parts {
                try #expect(zip(said(part), expected).count { $0 != $1 } == 0)
            }
        }
    }
}
