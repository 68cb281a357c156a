import Foundation
import ResultsStore
import Routing

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
        Route.allCases.contains { model in
            remote(model) != nil
                && PolicyDefinition.named(cell.record.policy)?.asks(model) ?? true
        }
    }

    /// What the mark of such cells means; nil where there are none.
    var remoteNote: String? {
        guard cells.contains(where: isRemote) else { return nil }
        return
            "\(remoteMark): a model of it is behind a server, whose answers may differ with what runs beside them; seconds include waiting for it."
    }

    /// After a model's name, where it ran.
    func place(of model: Route) -> String { remote(model).map { " behind \($0.api)" } ?? "" }

    /// By hash: two models may have one name.
    private func remote(_ model: Route) -> RemoteModel? {
        let hash = configuration.choice.chosen.facts.all["\(model.name)Sha256"]
        return models.first { $0.sha256 == hash }.flatMap(RemoteModel.init)
    }
}

/// Marks cells of models behind servers.
let remoteMark = "†"
