import Foundation

/// How far a search through many cases goes: all the way, or, in `make check`, a tenth of it.
package enum Breadth {
  /// Whether all of it is looked at.
  package static let isWhole = ProcessInfo.processInfo.environment["DUBWATCH_TEST_BREADTH"] != "tenth"

  /// So many of these cases, at least one.
  package static func of(_ all: Int) -> Int { isWhole ? all : max(1, all / 10) }
}
