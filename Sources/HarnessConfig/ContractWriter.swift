import Contracts
import Events
import WireFormats

/// Writes a contract as a YAML file that `ContractLoader` reads back to the same contract.
package enum ContractWriter {
  /// The most bytes that are read back.
  package static var maximumBytes: Int { ConfigurationFile.maximumBytes }

  /// The file's text, in the canonical order of fields.
  /// - Parameters:
  ///   - notes: what is said of a signal, as a comment above it.
  ///   - remarks: what is said below the signals, a comment each.
  package static func yaml(_ contract: Contract, notes: [SignalID: String] = [:], remarks: [String] = []) -> String {
    var lines = [
      "name: \(quoted(contract.name))", "worker_service: \(quoted(contract.workerService.text))",
      "log_format: \(contract.logFormat.rawValue)", "log_time_zone: \(quoted(contract.logTimeZone))",
    ]
    if !contract.summary.isEmpty { lines.insert("summary: \(quoted(contract.summary))", at: 1) }
    if !contract.logKeys.isUsual { lines.append("log_keys: \(keys(contract.logKeys))") }
    if contract.expectsUnmatched { lines.append("unmatched: expected") }
    lines += list("endpoints", contract.endpoints.map(endpoint))
    lines += list("signals", contract.signals.map(signal), notes: contract.signals.map { notes[$0.signal] })
    lines += remarks.map(comment)
    lines.append(
      "breaker_encoding: {"
        + contract.breakerEncoding.map { "\(NumberText.shortest($0.value)): \($0.state.rawValue)" }.joined(separator: ", ") + "}")
    if !contract.breakerWords.isEmpty { lines.append("breaker_words: \(mapping(contract.breakerWords.mapValues(\.rawValue)))") }
    lines += list("log_templates", contract.logTemplates.map(template))
    lines += thresholds(contract.thresholds)
    lines.append("hidden_suffixes: [" + contract.hiddenSuffixes.map(quoted).joined(separator: ", ") + "]")
    lines.append("good_words: [" + contract.goodWords.map(quoted).joined(separator: ", ") + "]")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func comment(_ text: String) -> String { "  # " + escapeUntrusted(text) }

  private static func list(_ name: String, _ elements: [[(String, String)]], notes: [String?] = []) -> [String] {
    guard !elements.isEmpty else { return ["\(name): []"] }
    var lines = ["\(name):"]
    for (number, element) in elements.enumerated() {
      if notes.indices.contains(number), let note = notes[number] { lines.append(comment(note)) }
      for (index, field) in element.enumerated() { lines.append("\(index == 0 ? "  - " : "    ")\(field.0): \(field.1)") }
    }
    return lines
  }

  private static func endpoint(_ endpoint: Endpoint) -> [(String, String)] {
    var fields = [("service", quoted(endpoint.service.text)), ("kind", endpoint.kind.rawValue), ("url", quoted(endpoint.url))]
    if let word = endpoint.healthWord { fields.append(("health_word", quoted(word))) }
    return fields
  }

  private static func signal(_ binding: SignalBinding) -> [(String, String)] {
    var fields = [("signal", quoted(binding.signal.text))]
    if !SignalID.known.contains(binding.signal) { fields.append(("custom", "true")) }
    fields += [("title", quoted(binding.title)), ("series", quoted(binding.series))]
    if !binding.labels.isEmpty { fields.append(("labels", mapping(binding.labels))) }
    fields.append(("kind", binding.kind.rawValue))
    if binding.aggregation != .single { fields.append(("aggregate", binding.aggregation.rawValue)) }
    if !binding.unit.isEmpty { fields.append(("unit", quoted(binding.unit))) }
    if binding.absentIsZero { fields.append(("absent_is_zero", "true")) }
    if let label = binding.stateLabel { fields.append(("state_label", quoted(label))) }
    return fields
  }

  private static func template(_ template: LogTemplate) -> [(String, String)] {
    var fields = [("happening", template.happening), ("pattern", quoted(template.pattern))]
    if let logger = template.logger { fields.append(("logger", quoted(logger))) }
    if !template.constants.isEmpty { fields.append(("constants", mapping(template.constants))) }
    if !template.fields.isEmpty { fields.append(("fields", mapping(template.fields))) }
    if !template.selection.isEmpty { fields.append(("where", mapping(template.selection))) }
    if let until = template.until { fields.append(("until", until)) }
    if let level = template.level { fields.append(("level", level.rawValue)) }
    if template.told != .always { fields.append(("told", template.told.rawValue)) }
    return fields
  }

  private static func keys(_ keys: LogKeys) -> String {
    let named = [("time", keys.time), ("message", keys.message), ("level", keys.level), ("logger", keys.logger)]
    return "{" + named.compactMap { name, key in key.map { "\(name): \(quoted($0))" } }.joined(separator: ", ") + "}"
  }

  private static func thresholds(_ limits: Thresholds) -> [String] {
    let backoff = limits.backoff
    let delays =
      [
        "first_delay_s: \(NumberText.shortest(backoff.firstDelaySeconds))", "factor: \(NumberText.shortest(backoff.factor))",
        "max_attempts: \(backoff.maximumAttempts)",
        "jitter_s: \(NumberText.shortest(backoff.jitterSeconds))", "tolerance: \(NumberText.shortest(backoff.tolerance))",
      ] + (backoff.longestDelaySeconds.map { ["longest_delay_s: \(NumberText.shortest($0))"] } ?? [])
    return [
      "thresholds:", "  sync_ms: \(NumberText.shortest(limits.syncMilliseconds))", "  sync_share: \(NumberText.shortest(limits.syncShare))",
      "  breaker_failures: \(limits.breakerFailures)", "  timeouts_count_as_failures: \(limits.timeoutsCountAsFailures)",
      "  breaker_cooldown_s: \(NumberText.shortest(limits.breakerCooldownSeconds))", "  max_inflight: \(limits.maxInflight)",
      "  fragment_timeout_s: \(NumberText.shortest(limits.fragmentTimeoutSeconds))",
      "  segment_s: \(NumberText.shortest(limits.segmentSeconds))",
      "  backoff: {" + delays.joined(separator: ", ") + "}",
    ]
  }

  private static func mapping(_ values: [String: String]) -> String {
    "{" + values.sorted { $0.key < $1.key }.map { "\(quoted($0.key)): \(quoted($0.value))" }.joined(separator: ", ") + "}"
  }

  /// A text as YAML: bare where that can mean nothing else, else in double quotes.
  static func quoted(_ text: String) -> String {
    let isBare = text.utf8.first.map { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 } ?? false
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"):
        true
      default: false
      }
    }
    if isBare, isPlain, !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased()) { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case let scalar
      where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
        || scalar.value == 0xfeff:
        result += "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count) + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
