// swift-tools-version: 6.2
import PackageDescription

// Every target is held to the same rules; a warning is an error everywhere.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

// Kernels are useless unoptimised, so debug builds (tests) optimise C too.
let kernels: [CSetting] = [
    .unsafeFlags(["-O3", "-std=c11", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off"])
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

// So do the libraries: the tests call them so often that they take a quarter of the time.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict + optimised)
}

func tests(
    of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "citer",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "citer", targets: ["citer"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // SHA-256, for whoever names a thing by its content.
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        library("Hashing", ["COpenSSL"]),

        // Standard streams, whole files, and text that steers no terminal.
        library("Output"),

        // The decoder.
        .target(name: "CKernels", cSettings: kernels, linkerSettings: [.linkedLibrary("m")]),
        library("GGUF"),
        library("Tokenization", ["GGUF"]),
        library("Inference", ["CKernels", "GGUF"]),

        // Token-level routing.
        library("Routing", ["CKernels"]),
        library("Generation", ["Inference", "Tokenization", "Routing"]),

        // Routers: from what both models say of a text to a file.
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        library("Training", ["COpenBLAS", "Generation", "Inference", "Routing"]),

        // Questions, answers, records.
        library("Evaluation"),
        library("ResultsStore", [grdb, "Hashing"]),
        library("Assets", ["GGUF", "Yams", "Hashing", "Output"]),
        library("Reporting", ["ResultsStore", "Evaluation", "Hashing", "Output", "Routing"]),
        library(
            "Sweeps",
            [
                "Assets", "Evaluation", "GGUF", "Generation", "Inference", "ResultsStore",
                "Reporting", "Routing", "Tokenization", "Training", "Yams", "Hashing", "Output",
            ]),
        .executableTarget(
            name: "citer",
            dependencies: [
                "Assets", "Generation", "GGUF", "Inference", "Output", "Reporting", "ResultsStore",
                "Routing", "Sweeps", "Tokenization", arguments,
            ],
            swiftSettings: strict),

        // Tests mirror the targets.
        .target(
            name: "TestSupport", dependencies: ["Hashing"], path: "Tests/TestSupport",
            swiftSettings: strict),
        // Writes a tiny experiment for the scripts that try the command from outside.
        .executableTarget(
            name: "tiny-sweep", dependencies: ["TestSupport"], path: "Tests/TinySweep",
            swiftSettings: strict),
        tests(of: "GGUF"),
        tests(of: "Tokenization", ["GGUF"], resources: [.copy("Resources")]),
        tests(of: "Inference", ["CKernels", "GGUF"], resources: [.copy("Resources")]),
        tests(of: "Routing"),
        tests(of: "Generation", ["Routing", "Inference", "Tokenization", "GGUF"]),
        tests(of: "Training", ["Generation", "Inference", "Routing"]),
        tests(of: "Evaluation", resources: [.copy("Resources")]),
        tests(of: "ResultsStore", [grdb]),
        tests(of: "Assets", ["Hashing"]),
        tests(of: "Output"),
        tests(of: "Reporting", ["ResultsStore", "Evaluation", "Output"]),
        tests(
            of: "Sweeps",
            [
                "Assets", "Evaluation", "GGUF", "Generation", "Inference", "ResultsStore",
                "Routing", "citer", grdb, arguments,
            ]),
    ]
)
