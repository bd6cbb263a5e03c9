import RunModel
import WireFormats

/// The runs of one scenario before one of it, when a command runs it several times.
struct JUnitAttempts: Sendable {
  /// Which attempt this one is, from 1.
  let number: Int
  /// How many there are.
  let count: Int
  private let earlier: [RunReport]

  /// The attempts of each report among several, in their order.
  static func of(_ reports: [RunReport]) -> [JUnitAttempts] {
    reports.indices.map { index in
      let own = reports.indices.filter { reports[$0].scenario == reports[index].scenario }
      return JUnitAttempts(
        number: (own.firstIndex(of: index) ?? 0) + 1, count: own.count, earlier: own.filter { $0 < index }.map { reports[$0] })
    }
  }

  /// What earlier attempts failed of an expectation, as elements of its test case: `flakyFailure` where this one met it, `rerunFailure` where
  /// it did not, as Maven Surefire writes them: what is not known, even of an optional one, is no pass. The failed attempt keeps its own suite with its own failure: a pass hides none.
  func elements(of entry: VerdictEntry, attribute: (String) -> String) -> [String] {
    let name = entry.verdict.standing == .met ? "flakyFailure" : "rerunFailure"
    return earlier.enumerated().flatMap { index, report in
      report.entries.filter { $0.expectation.id == entry.expectation.id && ($0.isFailure || $0.verdict.standing == .pending) }.map {
        failed in
        let body = report.lines(of: failed).map(XMLText.escaped).joined(separator: "\n")
        let message = attribute("attempt \(index + 1): \(failed.verdict.reason)")
        return
          "      <\(name) type=\"\(failed.verdict.standing.rawValue)\" message=\"\(message)\"><stackTrace>\(body)</stackTrace></\(name)>"
      }
    }
  }
}
