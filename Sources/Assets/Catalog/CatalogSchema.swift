import Schemas

/// What `models.yaml` and `datasets.yaml` may say.
enum CatalogSchema {
    static let models = Schema.mapping([
        SchemaKey("models", .dictionary(of: model, kind: "a model's name"), required: true, "")
    ])

    static let dataSets = Schema.mapping([
        SchemaKey(
            "datasets", .dictionary(of: dataSet, kind: "a data set's name"), required: true, "")
    ])

    private static let model = Schema.mapping(
        [
            SchemaKey("architecture", .text(kind: "an architecture"), required: true, ""),
            SchemaKey("notes", .text(kind: "a text"), ""),
            SchemaKey("licence", .text(kind: "a licence"), required: true, ""),
        ] + file)

    private static let dataSet = Schema.mapping([
        SchemaKey("licence", .text(kind: "a licence"), required: true, ""),
        SchemaKey("origin", .text(kind: "a text"), required: true, ""),
        SchemaKey(
            "format", .choice(DataSetFormat.allCases.map(\.rawValue)), required: true, ""),
        SchemaKey("notes", .text(kind: "a text"), ""),
        SchemaKey("files", .list(of: split, least: 1), required: true, ""),
    ])

    private static let split = Schema.mapping(
        [
            SchemaKey("split", .text(kind: "a split's name"), required: true, ""),
            SchemaKey("language", .text(kind: "a language's code"), ""),
            SchemaKey("rows", .integer(1 ... .max), required: true, ""),
            SchemaKey("fallback", .text(kind: "a data set's name"), ""),
        ] + file)

    private static let file = [
        SchemaKey("file", .text(kind: "a relative path"), required: true, ""),
        SchemaKey("bytes", .integer(1 ... .max), required: true, ""),
        SchemaKey("sha256", .text(kind: "64 hexadecimal digits"), required: true, ""),
        SchemaKey(
            "sources", .list(of: .variant(sources, kind: "source"), least: 1), required: true, ""),
    ]

    private static let sources = [
        SchemaVariant("directory", .text(kind: "an environment variable's name"), ""),
        SchemaVariant("url", .text(kind: "an address that begins with https://"), ""),
        SchemaVariant(
            "hub",
            .mapping([
                SchemaKey(
                    "repository", .text(kind: "a repository, owner/name"), required: true, ""),
                SchemaKey("file", .text(kind: "a path in the repository"), required: true, ""),
                SchemaKey("dataset", .flag, ""),
            ]), ""),
        SchemaVariant("wheels", .list(of: wheel, least: 1), ""),
    ]

    private static let wheel = Schema.mapping([
        SchemaKey("package", .text(kind: "a package's name"), required: true, ""),
        SchemaKey("version", .text(kind: "a version"), required: true, ""),
        SchemaKey("member", .text(kind: "a path in the wheel"), required: true, ""),
    ])
}
