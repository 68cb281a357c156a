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

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")

// So do the libraries: the tests call them so often that they take a quarter of the time.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

func library(
    _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil
) -> Target {
    .target(
        name: name, dependencies: dependencies, resources: resources,
        swiftSettings: strict + optimised)
}

func tests(
    of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil,
    settings: [SwiftSetting] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name)] + dependencies,
        resources: resources, swiftSettings: strict + settings)
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
        // Names of content and seeded draws: SHA-256, keyed hashes, SplitMix64.
        // (On Apple's systems CryptoKit's.)
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        library("Hashing", [.target(name: "COpenSSL", condition: .when(platforms: [.linux]))]),

        // The system: standard streams, whole files, locks, other programs.
        library("Platform"),

        // The decoder.
        .target(name: "CKernels", cSettings: kernels, linkerSettings: [.linkedLibrary("m")]),
        library("GGUF", ["Platform"]),
        library("Tokenization", ["GGUF", "Platform"]),
        library("Inference", ["CKernels", "GGUF", "Hashing", "Platform"]),

        // Token-level routing.
        library("Routing", ["CKernels", "Hashing", "Platform"]),
        library("Generation", ["Hashing", "Inference", "Platform", "Routing"]),

        // Models behind a server.
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        library(
            "Servers",
            ["CCurl", "Generation", "Inference", "Platform", "Routing", "Tokenization"]),

        // Routers: from what both models say of a text to a file.
        library("Training", ["Generation", "Hashing", "Inference", "Platform", "Routing"]),

        // Questions, answers, records.
        library("Grading", ["Hashing", "Platform"]),
        library("Statistics", ["Hashing"]),
        library("Schemas", ["Platform", "Yams"]),
        library("Assets", ["GGUF", "Hashing", "Platform", "Schemas"]),
        library("ResultsStore", [grdb, "Hashing", "Platform"]),
        library(
            "Reporting",
            ["ResultsStore", "Grading", "Hashing", "Platform", "Routing", "Statistics"],
            // In the program itself, which is copied to machines without this folder.
            resources: [
                "site.css", "site.html", "site.js", "site-base.js", "site-chart.js",
                "site-list.js", "site-table.js", "site-tip.js",
                "token-page.css", "token-page.html", "token-page.js", "token-page-list.js",
                "token-page-answers.js", "token-page-keys.js",
            ].map { .embedInCode("Resources/\($0)") }),

        // From a spec to its answers.
        library(
            "Specs",
            [
                "Assets", "Grading", "Platform", "ResultsStore", "Routing", "Schemas", "Servers",
            ]),
        library(
            "Runs",
            [
                "Assets", "GGUF", "Generation", "Grading", "Hashing", "Inference", "Platform",
                "ResultsStore", "Routing", "Schemas", "Servers", "Specs", "Statistics",
                "Tokenization", "Training",
            ]),
        .executableTarget(
            name: "citer",
            dependencies: [
                "Assets", "GGUF", "Generation", "Grading", "Hashing", "Inference", "Platform",
                "Reporting", "ResultsStore", "Routing", "Runs", "Servers", "Specs", "Tokenization",
                arguments,
            ],
            swiftSettings: strict),

        // Tests mirror the targets.
        .target(
            name: "TestSupport", dependencies: ["Hashing"], path: "Tests/TestSupport",
            swiftSettings: strict),
        // A model without weights.
        .target(
            name: "ModelSupport", dependencies: ["Generation", "Hashing", "Inference"],
            path: "Tests/ModelSupport", swiftSettings: strict),
        // Sweeps of tiny models, in the test's process and by the command.
        .target(
            name: "SweepSupport",
            dependencies: [
                "Assets", "Inference", "Platform", "ResultsStore", "Runs", "Schemas", "Specs",
                "TestSupport",
            ],
            path: "Tests/SweepSupport", swiftSettings: strict),
        // A machine without a disk, and what is stored on it while things go wrong.
        .target(
            name: "Simulation",
            dependencies: [sqlite, "Hashing", "Platform", "ResultsStore"],
            path: "Tests/Simulation", swiftSettings: strict + optimised),
        .executableTarget(
            name: "simulate", dependencies: ["Simulation"], path: "Tests/Simulate",
            swiftSettings: strict),
        // A server without a model.
        .target(
            name: "ServerSupport",
            dependencies: ["GGUF", "Servers", "TestSupport", "Tokenization"],
            path: "Tests/ServerSupport", exclude: ["fake_server.py"], swiftSettings: strict),
        // What must hold of whatever comes from elsewhere, and the program that libFuzzer drives (scripts/fuzz).
        .target(
            name: "FuzzTargets",
            dependencies: [
                "GGUF", "Generation", "Grading", "Hashing", "Inference", "Platform", "ResultsStore",
                "Routing", "Schemas", "Servers", "Specs", "SweepSupport", "TestSupport",
                "Tokenization", sqlite,
            ],
            path: "Tests/FuzzTargets", swiftSettings: strict + optimised),
        .executableTarget(
            name: "fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz", swiftSettings: strict),
        // Writes a tiny experiment for the scripts that try the command from outside.
        .executableTarget(
            name: "tiny-sweep", dependencies: ["TestSupport"], path: "Tests/TinySweep",
            swiftSettings: strict),
        // Writes the models whose logits' hashes are committed, for scripts/test-arm.
        .executableTarget(
            name: "tiny-models", dependencies: ["TestSupport"], path: "Tests/TinyModels",
            swiftSettings: strict),
        .testTarget(
            name: "HashingTests", dependencies: ["Hashing"], swiftSettings: strict),
        tests(of: "Simulation", ["Platform", "ResultsStore"]),
        tests(of: "FuzzTargets", ["Hashing"], resources: [.copy("Resources")]),
        tests(of: "Platform", ["TestSupport"]),
        tests(of: "GGUF", ["Hashing", "TestSupport"]),
        tests(
            of: "Tokenization", ["GGUF", "Hashing", "TestSupport"],
            resources: [.copy("Resources")]),
        tests(
            of: "Inference", ["CKernels", "GGUF", "Hashing", "TestSupport"],
            resources: [.copy("Resources")],
            // The plain forward pass in doubles, beside which the decoder is held, takes minutes otherwise.
            settings: optimised),
        tests(of: "Routing", ["Hashing", "TestSupport"]),
        tests(
            of: "Generation",
            [
                "GGUF", "Hashing", "Inference", "ModelSupport", "Routing", "TestSupport",
                "Tokenization",
            ]),
        tests(
            of: "Servers",
            [
                "Generation", "Hashing", "Inference", "ModelSupport", "Platform", "Routing",
                "ServerSupport", "TestSupport", "Tokenization",
            ]),
        tests(
            of: "Training",
            [
                "GGUF", "Generation", "Hashing", "Inference", "ModelSupport", "Routing",
                "TestSupport",
            ]),
        tests(of: "Grading", ["Hashing", "TestSupport"], resources: [.copy("Resources")]),
        tests(of: "Statistics", ["TestSupport"]),
        tests(of: "Schemas"),
        tests(of: "Assets", ["Hashing", "Platform", "Schemas", "TestSupport"]),
        tests(of: "ResultsStore", [grdb, "Hashing", "Simulation", "TestSupport"]),
        tests(
            of: "Reporting", ["Hashing", "ResultsStore", "Routing", "Statistics", "TestSupport"]),
        tests(
            of: "Specs",
            [
                "Assets", "Hashing", "Routing", "Schemas", "Servers", "SweepSupport", "TestSupport",
            ]),
        tests(
            of: "Runs",
            [
                "GGUF", "Generation", "Grading", "Hashing", "Inference", "Platform",
                "ResultsStore", "Routing", "Schemas", "ServerSupport", "Servers", "Specs",
                "SweepSupport", "TestSupport", "Tokenization",
            ]),
        tests(
            of: "citer",
            [
                "Assets", "Inference", "Platform", "ResultsStore", "Routing", "Runs", "Schemas",
                "ServerSupport", "Servers", "Specs", "SweepSupport", "TestSupport", "Tokenization",
                grdb, arguments,
            ]),
    ]
)
