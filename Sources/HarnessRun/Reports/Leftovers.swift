import HarnessCore
import WireFormats

/// Says on standard error what an environment left behind.
package enum Leftovers {
  /// Says why its start failed, how to look at what was kept, and what could not be taken down.
  /// - Returns: whether something is left that should not be.
  package static func tell(_ leftovers: EnvironmentLeftovers) -> Bool {
    tellLastLines(leftovers.lastLines)
    for line in leftovers.advice { StandardError.write("dubwatch: \(line)\n") }
    guard let left = leftovers.failure else { return false }
    StandardError.write("dubwatch: \(escapeUntrusted(left.description))\n")
    return true
  }

  /// Shows the last lines of a service that failed; nothing for none.
  package static func tellLastLines(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    StandardError.write("last lines:\n")
    for line in lines { StandardError.write("  \(escapeUntrusted(line))\n") }
  }
}
