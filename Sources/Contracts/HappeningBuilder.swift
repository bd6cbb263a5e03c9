import Events
import SpeechProtocol

/// Makes a happening of a template and the values read from a line.
struct HappeningBuilder {
  /// Why a line cannot be what its template says.
  struct Mistake: Error, Hashable {
    let message: String
  }

  let name: HappeningName
  let template: LogTemplate
  /// The value a name has in the line.
  let lookUp: (String) -> FieldValue?

  /// The value of a field: from the line under its own or its mapped name, else the template's constant.
  private func value(_ field: String) -> FieldValue? {
    if let found = lookUp(template.fields[field] ?? field) { return found }
    return template.constants[field].map(FieldValue.text)
  }

  private func text(_ field: String) -> String? {
    guard let text = value(field)?.text, !text.isEmpty else { return nil }
    return text
  }

  private func mistake(_ field: String, _ expected: String) -> Mistake {
    guard let found = value(field)?.text else { return Mistake(message: "the field \"\(field)\" is missing") }
    return Mistake(message: "the field \"\(field)\" is \"\(String(found.prefix(40)))\", but must be \(expected)")
  }

  private func integer(_ field: String) throws(Mistake) -> Int? {
    guard let value = value(field) else { return nil }
    guard let integer = value.integer else { throw mistake(field, "a whole number") }
    return integer
  }

  private func number(_ field: String) throws(Mistake) -> Double? {
    guard let value = value(field) else { return nil }
    guard let number = value.number else { throw mistake(field, "a number") }
    return number
  }

  private func flag(_ field: String) throws(Mistake) -> Bool? {
    guard let value = value(field) else { return nil }
    guard let flag = value.flag else { throw mistake(field, "true or false") }
    return flag
  }

  private func word<Word: RawRepresentable & CaseIterable>(
    _ field: String, _ read: (String) -> Word?
  ) throws(Mistake) -> Word? where Word.RawValue == String {
    guard let text = text(field) else { return nil }
    guard let word = read(text.lowercased()) else {
      throw mistake(field, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return word
  }

  private func required<Value>(_ field: String, _ value: Value?) throws(Mistake) -> Value {
    guard let value else { throw mistake(field, "there") }
    return value
  }

  /// The kind of happening; nil for a template that stands for none.
  func build() throws(Mistake) -> Happening.Kind? {
    switch name {
    case .expected, .streamEnding, .fragmentsCleared, .fallbackCause: return nil
    case .breaker, .breakerState:
      let state = try required("state", try word("state") { BreakerState(spelling: $0) })
      return .breaker(
        BreakerTransition(
          from: try word("from") { BreakerState(spelling: $0) }, state: state,
          trigger: try word("trigger") { BreakerTransition.Trigger(rawValue: $0) }, failureCount: try integer("failure_count")))
    case .backpressure:
      let action = try required(
        "action", try word("action") { BackpressureAction(rawValue: $0.replacing("-", with: "_")) })
      return .backpressure(
        BackpressureEvent(
          severity: try word("severity") { BackpressureSeverity(rawValue: $0) }, action: action,
          recommendedDelayMilliseconds: try number("recommended_delay_ms"), currentInflight: try integer("current_inflight"),
          queueDepth: try integer("queue_depth")))
    case .speechConnected: return .speechConnected
    case .speechDisconnected: return .speechDisconnected(reason: text("reason"))
    case .sessionOpened:
      return .sessionOpened(streamID: text("stream_id"), sessionID: text("session_id"), maxInflight: try integer("max_inflight"))
    case .reconnectionPlanned:
      return .reconnectionPlanned(
        attempt: try integer("attempt") ?? 0, delaySeconds: try required("delay_sec", try number("delay_sec")))
    case .reconnectionAttempt:
      return .reconnectionAttempt(
        ReconnectionAttempt(
          attempt: try integer("attempt") ?? 0, plannedDelaySeconds: try number("planned_delay_sec"), success: try flag("success")))
    case .reconnectionGaveUp: return .reconnectionGaveUp(attempts: try integer("attempts") ?? 0)
    case .fragmentSent: return .fragment(try fragment(.sent))
    case .fragmentAcknowledged: return .fragment(try fragment(.acknowledged))
    case .fragmentFailed: return .fragment(try fragment(.failed))
    case .fragmentTimedOut: return .fragment(try fragment(.timedOut))
    case .fragmentFallback: return .fragment(try fragment(.fallback))
    case .fragmentProcessed:
      let status = try required("status", text("status")).lowercased()
      var result = try fragment(status == "failed" || status == "error" ? .failed : .processed)
      result.detail = result.detail ?? status
      return .fragment(result)
    case .segmentIn: return .segment(try segment(.input))
    case .segmentOut: return .segment(try segment(.output))
    case .syncClaim: return .syncClaim(deltaMilliseconds: try required("delta_ms", try number("delta_ms")))
    case .serviceStarted: return .lifecycle(.started)
    case .serviceRestarted: return .lifecycle(.restarted(evidence: text("evidence") ?? "its log says so"))
    case .serviceStopped: return .lifecycle(.stopped)
    case .serviceExited:
      return .lifecycle(.exited(status: try integer("status").flatMap(Int32.init(exactly:)), reason: text("reason") ?? "its log says so"))
    case .finding:
      return .finding(Finding(id: filled(try required("id", text("id"))), text: filled(try required("text", text("text")))))
    }
  }

  private func fragment(_ stage: FragmentHappening.Stage) throws(Mistake) -> FragmentHappening {
    FragmentHappening(
      stage: stage, fragmentID: text("fragment_id"), streamID: text("stream_id"), sequenceNumber: try integer("sequence_number"),
      detail: text("detail"), durationMilliseconds: try number("duration_ms"))
  }

  private func segment(_ direction: SegmentHappening.Direction) throws(Mistake) -> SegmentHappening {
    SegmentHappening(
      direction: direction, index: try integer("index"), track: text("track"), durationSeconds: try number("duration_sec"),
      isDubbed: try flag("dubbed"))
  }

  /// A constant with the line's values in place of `{name}`.
  private func filled(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      result += lookUp(String(rest[rest.index(after: open)..<close]))?.text ?? String(rest[open...close])
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// The reason, for `fallback-cause`.
  func cause() throws(Mistake) -> String { try required("reason", text("reason")) }

  /// How many fragments were dropped, for `fragments-cleared`.
  func clearedCount() throws(Mistake) -> Int { try required("count", try integer("count")) }
}
