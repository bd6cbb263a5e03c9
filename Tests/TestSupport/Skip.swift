import Foundation
import Testing

/// Says loudly that the running test is skipped, because something of the machine is missing. Fails it in CI, where nothing may be missing.
///
/// `test.sh` counts the tests that say so as skipped, by what follows the dash. In one write, lest lines of others come in between.
package func skip(_ what: String, _ why: String, failsInCI: Bool = true) {
  if failsInCI, ProcessInfo.processInfo.environment["CI"] == "true" {
    Issue.record("\(what): \(why)")
    return
  }
  let test = Test.current.map { "\($0.id)" } ?? what
  FileHandle.standardError.write(Data("SKIP \(what): \(why) — \(test)\n".utf8))
}
