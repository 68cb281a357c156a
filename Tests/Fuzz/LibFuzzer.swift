#if FUZZING
    import Foundation

    /// The driver that `-sanitize=fuzzer` links in.
    enum LibFuzzer {
        // libFuzzer calls back by an address alone, so the body is kept here; it is set once, before there is a second thread.
        nonisolated(unsafe) private static var body: (([UInt8]) -> Void)?

        /// Calls `body` with one input after the other, as the command line says, and ends the program.
        static func run(_ body: @escaping ([UInt8]) -> Void) -> Never {
            self.body = body
            var count = CommandLine.argc
            var words = CommandLine.unsafeArgv
            exit(runDriver(&count, &words) { checkOne($0, $1) })
        }

        fileprivate static func check(_ start: UnsafePointer<UInt8>?, _ count: Int) {
            body?(Array(UnsafeBufferPointer(start: start, count: count)))
        }
    }

    // libFuzzer's own `main`, which is linked in but does not run, refers to this name.
    @_cdecl("LLVMFuzzerTestOneInput")
    func checkOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
        LibFuzzer.check(start, count)
        return 0
    }

    // FuzzerInterface.h of LLVM's compiler-rt.
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ count: UnsafeMutablePointer<Int32>,
        _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
    ) -> Int32
#endif
