import SpeechProtocol

extension HappeningKind {
  /// The life of fragments.
  static let fragments = [
    fragmentSent, fragmentAcknowledged, fragmentProcessed, fragmentFailed, fragmentTimedOut, fragmentUnsent, fragmentFallback,
    fallbackCause,
    fragmentsCleared,
  ]

  /// It was sent to the speech service.
  package static let fragmentSent = fragment("fragment-sent", "a fragment was sent", .sent, counting: Counting())

  /// The speech service has received it.
  package static let fragmentAcknowledged = fragment("fragment-acknowledged", "the speech service has received a fragment", .acknowledged)

  /// The speech service has answered; an answer of failure is a failed fragment.
  package static let fragmentProcessed = HappeningKind(
    "fragment-processed", "the speech service has answered; failed or error as its status: a failed fragment", about: .fragments,
    line: Line(fragmentFields + [HappeningField("status", .text, required: true, "the answer's status word")]) {
      values throws(HappeningMistake) in
      let status = try values.required("status", values.text("status")).lowercased()
      var fragment = try values.fragment(status == "failed" || status == "error" ? .failed : .processed)
      fragment.detail = fragment.detail ?? status
      return .happening(.fragment(fragment))
    },
    counting: Counting(
      words: STSFragmentStatus.allCases.map(\.rawValue).filter { $0 != STSFragmentStatus.failed.rawValue }, word: detail(of:)),
    telling: tellingOfFragments, alsoTells: [fragmentFailed])

  /// It came back with an error. Of an answer that names no code the status is all that is known.
  package static let fragmentFailed = fragment(
    "fragment-failed", "a fragment came back with an error", .failed,
    counting: Counting(
      words: STSErrorCode.allCases.map(\.rawValue) + [STSFragmentStatus.failed.rawValue, "error"], word: detail(of:)))

  /// No answer came in time.
  package static let fragmentTimedOut = fragment("fragment-timed-out", "no answer came in time", .timedOut, counting: Counting())

  /// It could not be sent: there is no connection, or no session that takes it.
  package static let fragmentUnsent = fragment(
    "fragment-unsent", "a segment's audio could not be sent to the speech service", .unsent,
    counting: Counting(words: nil, word: detail(of:)))

  /// The original is used in its place.
  package static let fragmentFallback = fragment(
    "fragment-fallback", "the original is used in a fragment's place; detail says why: timeout, error, circuit_open", .fallback,
    counting: Counting(words: ["timeout", "error", "circuit_open"], word: detail(of:)))

  /// No happening of its own: why the fallback that is told next was needed.
  package static let fallbackCause = HappeningKind(
    "fallback-cause", "why the fallback that is told next, within a second, is needed", about: .fragments,
    line: Line([HappeningField("reason", .text, required: true, "why: timeout, error, circuit_open")]) { values throws(HappeningMistake) in
      .cause(try values.required("reason", values.text("reason")))
    })

  /// Fragments dropped when the worker stopped: a finding, if there were any.
  package static let fragmentsCleared = HappeningKind(
    "fragments-cleared", "fragments in flight were dropped when the worker stopped: a finding if there were any", about: .fragments,
    line: Line([HappeningField("count", .integer, required: true, "how many")]) { values throws(HappeningMistake) in
      let count = try values.required("count", try values.integer("count"))
      guard count > 0 else { return .nothing }
      let text =
        "\(count) fragment\(count == 1 ? " was" : "s were") in flight when the worker stopped and \(count == 1 ? "is" : "are") lost"
      return .happening(.finding(Finding(id: "fragments-cleared", text: text)), until: sessionOpened)
    })

  private static let fragmentFields = [
    HappeningField("fragment_id", .text, "its identifier"), HappeningField("stream_id", .text, "its stream"),
    HappeningField("sequence_number", .integer, "its number in the session, or its segment's index"),
    HappeningField("detail", .text, "the status word, error code or reason"),
    HappeningField("duration_ms", .duration(.milliseconds), "how long it took, in milliseconds"),
  ]

  private static let tellingOfFragments = Telling.of(
    .fragment, { if case .fragment(let fragment) = $0 { fragment } else { nil } }, severity: \.severity, sentence: \.sentence)

  private static func fragment(
    _ word: String, _ meaning: String, _ stage: FragmentHappening.Stage, counting: Counting? = nil
  ) -> HappeningKind {
    HappeningKind(
      word, meaning, about: .fragments,
      line: Line(fragmentFields) { values throws(HappeningMistake) in .happening(.fragment(try values.fragment(stage))) },
      counting: counting, telling: tellingOfFragments)
  }

  @Sendable private static func detail(of happening: Happening) -> String {
    if case .fragment(let fragment) = happening.kind { fragment.detail ?? "" } else { "" }
  }
}

extension FragmentHappening.Stage {
  /// The kind of a happening that reaches it.
  var descriptor: HappeningKind {
    switch self {
    case .sent: .fragmentSent
    case .acknowledged: .fragmentAcknowledged
    case .processed: .fragmentProcessed
    case .failed: .fragmentFailed
    case .timedOut: .fragmentTimedOut
    case .unsent: .fragmentUnsent
    case .fallback: .fragmentFallback
    }
  }
}

extension HappeningValues {
  fileprivate func fragment(_ stage: FragmentHappening.Stage) throws(HappeningMistake) -> FragmentHappening {
    FragmentHappening(
      stage: stage, fragmentID: text("fragment_id"), streamID: text("stream_id"), sequenceNumber: try integer("sequence_number"),
      detail: text("detail"), durationMilliseconds: try duration("duration_ms", in: .milliseconds))
  }
}

extension FragmentHappening {
  /// How grave it is: what does not come back dubbed is a warning.
  var severity: EventRow.Severity {
    switch stage {
    case .sent, .acknowledged, .processed: .routine
    case .fallback, .timedOut, .failed, .unsent: .warning
    }
  }

  /// The row's words: "fallback 7 (circuit_open)".
  package var sentence: String {
    let name = sequenceNumber.map(String.init) ?? fragmentID.map { String($0.prefix(8)) } ?? ""
    let word =
      switch stage {
      case .sent: "sent"
      case .acknowledged: "acknowledged"
      case .processed: "processed"
      case .failed: "failed"
      case .timedOut: "timed out"
      case .unsent: "not sent"
      case .fallback: "fallback"
      }
    let took = durationMilliseconds.map { " in \(Int(max(0, min($0, 1e9)).rounded())) ms" } ?? ""
    return [word, name].filter { !$0.isEmpty }.joined(separator: " ") + (detail.map { " (\($0))" } ?? "") + took
  }
}
