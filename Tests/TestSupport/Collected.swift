import Synchronization

/// What a callback of any thread was told, in its order.
package final class Collected<Element: Sendable>: Sendable {
  private let kept = Mutex<[Element]>([])

  package init() {}

  package func add(_ element: Element) { kept.withLock { $0.append(element) } }
  package func add(contentsOf elements: some Sequence<Element> & Sendable) { kept.withLock { $0.append(contentsOf: elements) } }

  package var all: [Element] { kept.withLock { $0 } }
}

extension Collected where Element == UInt8 {
  package var text: String { String(decoding: all, as: UTF8.self) }
  /// Its lines without empty ones.
  package var lines: [String] { text.split(separator: "\n").map(String.init) }
}
