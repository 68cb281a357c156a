package import Foundation

/// Where what the models said of training questions is kept, so that nothing is computed twice.
package protocol LabelStorage {
    /// An item's bytes; nil if it is not there.
    func item(_ name: String, in series: String) throws -> Data?
    /// Keeps an item, durably. A series is named by what decides its content, as canonical text.
    func store(_ data: Data, as name: String, in series: String) throws
}
