import Foundation

/// The system's words for an error number.
package func errorText(_ number: Int32) -> String { String(cString: strerror(number)) }
