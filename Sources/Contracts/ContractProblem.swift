import Events
import WireFormats

/// Something in a contract that cannot be right.
package struct ContractProblem: Hashable, Sendable {
  /// Where: `log_templates[3].pattern`, as contract files name it.
  package let path: String
  /// What is wrong and what would be right.
  package let message: String

  /// Something in a contract that cannot be right.
  package init(path: String, message: String) {
    self.path = path
    self.message = message
  }
}

extension Contract {
  /// What cannot be right in this contract, in the order of its fields; empty for a good one.
  package func problems() -> [ContractProblem] {
    var found = [ContractProblem]()
    func add(_ path: String, _ message: String) { found.append(ContractProblem(path: path, message: message)) }
    if name.isEmpty || !name.utf8.allSatisfy({ byte in isWordByte(byte) || byte == 0x2d || byte == 0x2e }) {
      add("name", "must be letters, digits, \"-\", \"_\" and \".\", but is \"\(name)\"")
    }
    if workerService.text.isEmpty { add("worker_service", "has no name") }
    var seen: Set<SignalID> = []
    for (index, binding) in signals.enumerated() {
      let path = "signals[\(index)]"
      if !seen.insert(binding.signal).inserted { add("\(path).signal", "the signal \"\(binding.signal)\" is bound twice") }
      if !Self.isMetricName(binding.series) {
        add("\(path).series", "\"\(binding.series)\" is no metric name")
      }
      if binding.stateLabel != nil, binding.signal != .breakerState || binding.kind != .gauge {
        add("\(path).state_label", "belongs to the gauge of breaker_state")
      }
      if binding.kind == .histogram, binding.labels["le"] != nil {
        add("\(path).labels", "\"le\" belongs to the histogram's buckets and cannot be asked for")
      }
    }
    addEncodingProblems(&found)
    for (index, template) in logTemplates.enumerated() { addTemplateProblems(template, "log_templates[\(index)]", &found) }
    if LogTimeZone(logTimeZone, host: .fixed(secondsEast: 0)) == nil {
      add("log_time_zone", LogTimeZone.refusal(logTimeZone))
    }
    for role in LogKeys.Role.allCases {
      if let key = logKeys.own(role), key.isEmpty || key.utf8.count > 256 {
        add("log_keys.\(role)", key.isEmpty ? "is empty" : "is longer than 256 bytes")
      }
    }
    for (index, suffix) in hiddenSuffixes.enumerated() where suffix.isEmpty {
      add("hidden_suffixes[\(index)]", "is empty and would hide everything")
    }
    if goodWords.isEmpty { add("good_words", "is empty: no service could ever be healthy") }
    for (index, word) in goodWords.enumerated() where word.allSatisfy(\.isWhitespace) || word.utf8.count > 40 {
      add("good_words[\(index)]", word.utf8.count > 40 ? "is longer than 40 bytes" : "is empty")
    }
    return found + thresholds.problems()
  }

  /// Prometheus 3 takes any text; what looks like a series with its labels, or begins with a digit, is a slip here.
  static func isMetricName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !isDigit(first) else { return false }
    return name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && !"{}\"=".unicodeScalars.contains($0) }
  }

  private func addEncodingProblems(_ found: inout [ContractProblem]) {
    for (index, code) in breakerEncoding.enumerated() {
      let earlier = breakerEncoding[..<index]
      if let other = earlier.first(where: { $0.value == code.value }) {
        found.append(
          ContractProblem(
            path: "breaker_encoding",
            message: "the value \(FieldValue.number(code.value).text) means \(other.state.rawValue) and \(code.state.rawValue)"))
      } else if let other = earlier.first(where: { $0.state == code.state }) {
        let values = "\(FieldValue.number(other.value).text) and \(FieldValue.number(code.value).text)"
        found.append(ContractProblem(path: "breaker_encoding", message: "both \(values) mean \(code.state.rawValue)"))
      }
    }
    // A breaker without half-open is one: it closes, or opens again, by its next call.
    let missing = [BreakerState.closed, .open].filter { state in !breakerEncoding.contains { $0.state == state } }
    if !missing.isEmpty {
      let words = missing.map(\.rawValue).joined(separator: ", ")
      found.append(ContractProblem(path: "breaker_encoding", message: "has no value for \(words)"))
    }
  }

  private func addTemplateProblems(_ template: LogTemplate, _ path: String, _ found: inout [ContractProblem]) {
    func add(_ field: String, _ message: String) { found.append(ContractProblem(path: "\(path).\(field)", message: message)) }
    var captured: [String]?
    do {
      let pattern = try TemplatePattern(template.pattern, ignoresCase: logFormat == .json)
      if logFormat == .json, pattern.needle(asciiOnly: true).count < 3 {
        add("pattern", "needs at least 3 plain ASCII characters in a row to look for in JSON")
      }
      captured = pattern.fieldNames
    } catch {
      add("pattern", "\(error)" + (error.unknownWord.map { NearestWord.hint($0, among: error.validWords) } ?? ""))
    }
    guard let kind = HappeningKind.ofLogs(template.happening), let line = kind.line else {
      add("happening", "unknown happening \"\(template.happening)\"" + NearestWord.hint(template.happening, among: LogTemplate.happenings))
      return
    }
    let known = line.fields.map(\.name)
    for field in template.constants.keys.sorted() {
      guard let target = line.fields.first(where: { $0.name == field }) else {
        add("constants.\(field)", "\(kind.word) has no field \"\(field)\"" + NearestWord.hint(field, among: known))
        continue
      }
      if let expected = target.mismatch(template.constants[field] ?? "") { add("constants.\(field)", expected) }
    }
    for field in template.fields.keys.sorted() {
      if !known.contains(field) {
        add("fields.\(field)", "\(kind.word) has no field \"\(field)\"" + NearestWord.hint(field, among: known))
      } else if logFormat != .json, let captured, let source = template.fields[field], !captured.contains(source) {
        add("fields.\(field)", "the pattern has no field \"\(source)\"" + NearestWord.hint(source, among: captured))
      }
    }
    for field in template.selection.keys.sorted() where logFormat != .json {
      if let captured, !captured.contains(field) {
        add("where.\(field)", "the pattern has no field \"\(field)\"" + NearestWord.hint(field, among: captured))
      }
    }
    if let until = template.until {
      if kind != .finding {
        add("until", "belongs to a finding, not to \(kind.word)")
      } else if HappeningKind.ofLogs(until) == nil {
        add("until", "unknown happening \"\(until)\"" + NearestWord.hint(until, among: LogTemplate.happenings))
      }
    }
    // A JSON line may carry any key: only a pattern tells beforehand what there is.
    guard logFormat != .json, let captured else { return }
    for field in line.fields where field.isRequired {
      let source = template.fields[field.name] ?? field.name
      if !captured.contains(source), template.constants[field.name] == nil {
        add("pattern", "\(kind.word) needs \"\(field.name)\": capture it in the pattern or give it under constants")
      }
    }
  }
}

extension Thresholds {
  /// What cannot be right in these limits: each with its range, as contract files have it.
  package func problems() -> [ContractProblem] {
    var found: [ContractProblem] = []
    func range(_ field: String, _ value: Double, _ allowed: ClosedRange<Double>) {
      guard !allowed.contains(value) else { return }
      let bounds = [allowed.lowerBound, value, allowed.upperBound].map { FieldValue.number($0).text }
      found.append(ContractProblem(path: "thresholds.\(field)", message: "must be \(bounds[0]) to \(bounds[2]), but is \(bounds[1])"))
    }
    range("sync_ms", syncMilliseconds, 1...60_000)
    range("sync_share", syncShare, 0...1)
    range("breaker_failures", Double(breakerFailures), 1...1000)
    range("breaker_cooldown_s", breakerCooldownSeconds, 0...86_400)
    range("max_inflight", Double(maxInflight), 1...1000)
    range("fragment_timeout_s", fragmentTimeoutSeconds, 0.1...3600)
    range("segment_s", segmentSeconds, 0.1...3600)
    range("backoff.first_delay_s", backoff.firstDelaySeconds, 0.001...3600)
    range("backoff.factor", backoff.factor, 1...100)
    range("backoff.max_attempts", Double(backoff.maximumAttempts), 1...100)
    range("backoff.jitter_s", backoff.jitterSeconds, 0...3600)
    range("backoff.tolerance", backoff.tolerance, 0...10)
    if let longest = backoff.longestDelaySeconds { range("backoff.longest_delay_s", longest, 0.001...3600) }
    return found
  }
}
