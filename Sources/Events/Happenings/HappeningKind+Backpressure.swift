import SpeechProtocol

extension HappeningKind {
  /// The speech service asked for a pause, for slowing down, or for nothing any more.
  package static let backpressure = HappeningKind(
    "backpressure", "the speech service asks for a pause, for slowing down, or for nothing any more", about: .backpressure,
    line: Line([
      .word("action", BackpressureAction.self, required: true, "what it asks for"),
      .word("severity", BackpressureSeverity.self, "how loaded it is"),
      HappeningField("recommended_delay_ms", .duration(.milliseconds), "how long to wait before each send, in milliseconds"),
      HappeningField("current_inflight", .integer, "fragments in flight then"),
      HappeningField("queue_depth", .integer, "fragments queued at the speech service then"),
    ]) { values throws(HappeningMistake) in
      let action = try values.required(
        "action", try values.word("action") { BackpressureAction(rawValue: $0.replacing("-", with: "_")) })
      return .happening(
        .backpressure(
          BackpressureEvent(
            severity: try values.word("severity"), action: action,
            recommendedDelayMilliseconds: try values.duration("recommended_delay_ms", in: .milliseconds),
            currentInflight: try values.integer("current_inflight"), queueDepth: try values.integer("queue_depth"))))
    },
    counting: Counting(words: BackpressureAction.allCases.map(\.rawValue)) { event(of: $0.kind)?.action.rawValue ?? "" },
    telling: .of(.backpressure, event(of:), severity: \.severityOfRow, sentence: \.sentence))

  @Sendable private static func event(of kind: Happening.Kind) -> BackpressureEvent? {
    if case .backpressure(let event) = kind { event } else { nil }
  }
}

extension BackpressureEvent {
  /// How grave it is: a pause is bad.
  var severityOfRow: EventRow.Severity {
    switch action {
    case .none: .good
    case .slowDown: .warning
    case .pause: .bad
    }
  }

  /// The row's words: "medium slow_down 500 ms".
  var sentence: String {
    [severity?.rawValue, action.rawValue, recommendedDelayMilliseconds.map { Figure.milliseconds($0) }].compactMap { $0 }
      .joined(separator: " ")
  }
}
