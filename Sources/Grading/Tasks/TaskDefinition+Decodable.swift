extension TaskDefinition: Decodable {
    private enum CodingKeys: String, CodingKey {
        case name
        case format
        case files
        case layout
        case fields
        case prompt
        case system
        case extraction
        case goldExtraction = "gold-extraction"
        case key
        case numbers
    }

    /// Reads a definition; keys left out take the format's defaults.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            format: try values.decode(Format.self, forKey: .format),
            files: try values.decode([String: String].self, forKey: .files),
            layout: try values.decodeIfPresent(Layout.self, forKey: .layout) ?? .jsonLines,
            fields: try values.decodeIfPresent(FieldNames.self, forKey: .fields) ?? FieldNames(),
            prompt: try values.decodeIfPresent(String.self, forKey: .prompt),
            system: try values.decodeIfPresent(String.self, forKey: .system)
                ?? TaskDefinition.defaultSystem,
            extraction: try values.decodeIfPresent([ExtractionRule].self, forKey: .extraction),
            goldExtraction: try values.decodeIfPresent(
                [ExtractionRule].self, forKey: .goldExtraction),
            key: try values.decodeIfPresent(KeyForm.self, forKey: .key) ?? .any,
            numbers: try values.decodeIfPresent(NumberConvention.self, forKey: .numbers)
                ?? .english)
    }
}

extension FieldNames: Decodable {
    private enum CodingKeys: String, CodingKey {
        case id
        case question
        case choices
        case answer
        case solution
    }

    /// Reads the names; those left out keep their defaults.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        id = try values.decodeIfPresent(String.self, forKey: .id) ?? id
        question = try values.decodeIfPresent(String.self, forKey: .question) ?? question
        choices = try values.decodeIfPresent(String.self, forKey: .choices) ?? choices
        answer = try values.decodeIfPresent(String.self, forKey: .answer) ?? answer
        solution = try values.decodeIfPresent(String.self, forKey: .solution) ?? solution
    }
}
