extension HappeningKind {
  /// The circuit breaker changed its state.
  package static let breaker = HappeningKind(
    "breaker", "the circuit breaker changed its state", about: .breaker,
    line: Line(breakerFields) { values throws(HappeningMistake) in .happening(try transition(values)) },
    counting: Counting(words: BreakerState.allCases.map(\.rawValue)) { transition(of: $0.kind)?.state.rawValue ?? "" },
    telling: .of(.breaker, transition(of:), severity: \.severity, sentence: \.sentence))

  /// The breaker's state told in passing: a happening only when it differs from the one told before.
  package static let breakerState = HappeningKind(
    "breaker-state", "the breaker's state told in passing: counts where it differs from the one before", about: .breaker,
    line: Line(breakerFields) { values throws(HappeningMistake) in .inPassing(try transition(values)) }, alsoTells: [breaker])

  private static let breakerFields: [HappeningField] = [
    .word("state", BreakerState.self, required: true, "the state it went to"), .word("from", BreakerState.self, "the state it came from"),
    .word("trigger", BreakerTransition.Trigger.self, "what made it change"),
    HappeningField("failure_count", .integer, "consecutive failures counted then"),
  ]

  @Sendable private static func transition(of kind: Happening.Kind) -> BreakerTransition? {
    if case .breaker(let transition) = kind { transition } else { nil }
  }

  private static func transition(_ values: HappeningValues) throws(HappeningMistake) -> Happening.Kind {
    let state = try values.required("state", try values.word("state") { BreakerState(spelling: $0) })
    return .breaker(
      BreakerTransition(
        from: try values.word("from") { BreakerState(spelling: $0) }, state: state, trigger: try values.word("trigger"),
        failureCount: try values.integer("failure_count")))
  }
}

extension BreakerTransition {
  /// How grave it is: open is bad.
  package var severity: EventRow.Severity {
    switch state {
    case .open: .bad
    case .closed: .good
    case .halfOpen: .warning
    }
  }

  /// The row's words: "closed → open (failure ×5)".
  var sentence: String {
    let before = from.map { "\($0.rawValue) → " } ?? ""
    let why = [trigger?.rawValue, failureCount.flatMap { $0 > 0 ? "×\($0)" : nil }].compactMap { $0 }.joined(separator: " ")
    return "\(before)\(state.rawValue)\(why.isEmpty ? "" : " (\(why))")"
  }
}
