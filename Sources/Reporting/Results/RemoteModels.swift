import Foundation
import ResultsStore

/// What is known of a model behind a server, from its row.
struct RemoteModel: Decodable {
    /// Which program serves it.
    let api: String
    /// What its user says it is.
    let identity: String
    /// What the server told of itself.
    let server: [String: String]

    /// Nil for a model that ran here.
    init?(_ model: ModelRecord) {
        guard let text = model.server,
            let read = try? JSONDecoder().decode(RemoteModel.self, from: Data(text.utf8))
        else { return nil }
        self = read
    }
}

extension ReportData {
    /// Whether a cell's answers were written with a model behind a server, which promises no equal bits.
    func isRemote(_ cell: CellRow) -> Bool {
        let remote = Set(models.filter { $0.server != nil }.map(\.name))
        return [cell.slm, cell.llm].contains { $0.map(remote.contains) ?? false }
    }

    /// What the mark of such cells means; nil where there are none.
    var remoteNote: String? {
        guard cells.contains(where: isRemote) else { return nil }
        return
            "\(remoteMark): a model of it is behind a server, whose answers may differ with what runs beside them; seconds include waiting for it."
    }

    /// After a model's name, where it ran.
    func place(of model: String?) -> String {
        let row = models.first { $0.name == model && $0.server != nil }
        return row.flatMap(RemoteModel.init).map { " behind \($0.api)" } ?? ""
    }
}

/// Marks cells of models behind servers.
let remoteMark = "†"
