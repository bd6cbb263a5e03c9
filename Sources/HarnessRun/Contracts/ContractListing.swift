import Contracts
import Events
import HarnessConfig
import WireFormats

/// A contract check as text or JSON.
package enum ContractListing {
  /// A check as text.
  /// - Parameter reason: why this contract was compared.
  package static func text(_ check: ContractCheck, reason: String) -> String {
    var lines = ["contract \(check.contract): \(reason)"]
    let width = check.rows.map { displayWidth($0.signal.text) }.max() ?? 0
    for row in check.rows {
      let mark = row.fit.isKept ? "ok " : "NO "
      let name = row.signal.text + String(repeating: " ", count: max(0, width - displayWidth(row.signal.text)))
      let fit = ([row.fit] + row.also).map(\.rawValue).joined(separator: " + ")
      lines.append("\(mark) \(name)  \(fit)  promised \(row.promised)" + (row.found.map { "  found \($0)" } ?? ""))
    }
    if !check.rows.isEmpty {
      lines.append("\(check.rows.count { $0.fit.isKept }) of \(check.rows.count) signals as promised")
    }
    if !check.rows.isEmpty, check.rows.allSatisfy({ $0.fit == .missing }) {
      lines.append("nothing of this contract is exposed: another contract, or no stream yet (media-service shows nothing before its first)")
    }
    for row in check.logRows where row.lines > 0 { lines.append("log  \(row.lines) × \(row.happening): \(row.pattern)") }
    if !check.logRows.isEmpty {
      let matched = check.lineCount - check.unknownLineCount
      lines.append(
        "\(matched) of \(check.lineCount) log lines known, \(check.logRows.count { $0.lines > 0 }) of \(check.logRows.count) kinds of line found"
      )
    }
    lines += check.remarks.map { "NO  \($0)" }
    if !check.differences.isEmpty { lines.append("what is known of the media service as built, beside the data model:") }
    for difference in check.differences {
      let shown =
        switch difference.standing {
        case .seen: "seen: \(difference.evidence ?? "")"
        case .known: "known of this contract, nothing here shows it"
        case .absent: "not so here: \(difference.evidence ?? "")"
        }
      lines.append("\(difference.number < 10 ? " " : "")\(difference.number)  \(difference.sentence); \(shown)")
    }
    return lines.map { escapeUntrusted($0) }.joined(separator: "\n") + "\n"
  }

  /// That a contract can be read, and what is in it.
  /// - Parameter name: a built-in name or a YAML file.
  package static func reading(_ name: String) throws -> String {
    let contract = try ContractLoader.load(name)
    let parts = [(contract.signals.count, "signal"), (contract.logTemplates.count, "log template"), (contract.endpoints.count, "endpoint")]
    let text =
      "contract \(contract.name): can be read, \(parts.map { Figure.count($0.0, $0.1) }.joined(separator: ", ")); "
      + "give --metrics or --logs to compare it with what is there"
    return escapeUntrusted(text) + "\n"
  }

  /// A contract as a file: a built-in one as it is shipped, another one as it was read.
  /// - Parameter whole: with all that it takes over.
  package static func source(of name: String, whole: Bool) throws -> String {
    let contract = try ContractLoader.load(name)
    if !whole, let file = BuiltInContracts.files.first(where: { $0.name == name }) { return file.yaml }
    return ContractWriter.yaml(contract)
  }

  /// A check as JSON.
  package static func json(_ check: ContractCheck) throws -> String {
    try JSONValue(encoding: check).document
  }
}
