extension HappeningKind {
  /// The connection to the speech service: lost, back, sessions, attempts.
  static let connection = [
    speechConnected, speechDisconnected, sessionOpened, streamEnding, reconnectionPlanned, reconnectionAttempt, reconnectionGaveUp,
  ]

  /// The connection to the speech service stands.
  package static let speechConnected = HappeningKind(
    "speech-connected", "the connection to the speech service stands", about: .connection,
    line: Line { _ in .happening(.speechConnected) }, counting: Counting(),
    telling: .always(.reconnect, .good, "connected to the speech service"))

  /// The connection to the speech service was lost.
  package static let speechDisconnected = HappeningKind(
    "speech-disconnected", "the connection to the speech service is lost", about: .connection,
    line: Line([HappeningField("reason", .text, "why")]) { .happening(.speechDisconnected(reason: $0.text("reason"))) },
    counting: Counting(words: nil) { if case .speechDisconnected(let reason) = $0.kind { reason ?? "" } else { "" } },
    telling: .of(
      .reconnect, { if case .speechDisconnected(let reason) = $0 { .some(reason) } else { nil } }, severity: { _ in .bad },
      sentence: { "connection to the speech service lost\($0.map { ": \($0)" } ?? "")" }))

  /// A session was opened.
  package static let sessionOpened = HappeningKind(
    "session-opened", "a session is open, fragments may be sent", about: .connection,
    line: Line([
      HappeningField("stream_id", .text, "its stream"), HappeningField("session_id", .text, "its session"),
      HappeningField("max_inflight", .integer, "how many fragments may be in flight"),
    ]) { values throws(HappeningMistake) in
      .happening(
        .sessionOpened(
          streamID: values.text("stream_id"), sessionID: values.text("session_id"), maxInflight: try values.integer("max_inflight")))
    },
    counting: Counting(),
    telling: .of(
      .reconnect, session(of:), severity: { _ in .good },
      sentence: { session in
        ["session opened", session.stream.map { "stream \($0)" }, session.limit.map { "max in flight \($0)" }].compactMap { $0 }
          .joined(separator: ", ")
      }))

  /// No happening of its own: the service is about to end its stream, so the disconnection that follows is no loss.
  package static let streamEnding = HappeningKind(
    "stream-ending", "the service is about to end its stream: the disconnection that follows is no loss", about: .connection,
    line: Line { _ in .ending })

  /// A reconnection attempt is planned.
  package static let reconnectionPlanned = HappeningKind(
    "reconnection-planned", "a reconnection attempt is planned", about: .connection,
    line: Line([
      HappeningField("attempt", .integer, "its number; counted since the loss if absent"),
      HappeningField("delay_sec", .duration(.seconds), required: true, "in how many seconds"),
    ]) { values throws(HappeningMistake) in
      .happening(
        .reconnectionPlanned(
          attempt: try values.integer("attempt") ?? 0,
          delaySeconds: try values.required("delay_sec", try values.duration("delay_sec", in: .seconds))))
    },
    telling: .of(
      .reconnect, plan(of:), severity: { _ in .info },
      sentence: { "attempt \($0.attempt) planned in \(Figure.seconds($0.delaySeconds))" }))

  /// A reconnection attempt was made.
  package static let reconnectionAttempt = HappeningKind(
    "reconnection-attempt", "a reconnection attempt was made", about: .connection,
    line: Line([
      HappeningField("attempt", .integer, "its number; that of the attempt planned before if absent"),
      HappeningField("planned_delay_sec", .duration(.seconds), "how long it was waited for, in seconds"),
      HappeningField("success", .flag, "whether it led to a connection"),
    ]) { values throws(HappeningMistake) in
      .happening(
        .reconnectionAttempt(
          ReconnectionAttempt(
            attempt: try values.integer("attempt") ?? 0, plannedDelaySeconds: try values.duration("planned_delay_sec", in: .seconds),
            success: try values.flag("success"))))
    },
    counting: Counting(words: ["success", "failure"]) { attempt(of: $0.kind)?.success.map { $0 ? "success" : "failure" } ?? "" },
    telling: .of(.reconnect, attempt(of:), severity: \.severity, sentence: \.sentence))

  /// No further attempt will be made.
  package static let reconnectionGaveUp = HappeningKind(
    "reconnection-gave-up", "no further attempt will be made", about: .connection,
    line: Line([HappeningField("attempts", .integer, "how many were made; counted if absent")]) { values throws(HappeningMistake) in
      .happening(.reconnectionGaveUp(attempts: try values.integer("attempts") ?? 0))
    },
    counting: Counting(),
    telling: .of(
      .reconnect, { if case .reconnectionGaveUp(let attempts) = $0 { attempts } else { nil } }, severity: { _ in .bad },
      sentence: { "gave up after \($0) attempts" }))

  @Sendable private static func session(of kind: Happening.Kind) -> (stream: String?, limit: Int?)? {
    if case .sessionOpened(let stream, _, let limit) = kind { (stream, limit) } else { nil }
  }

  @Sendable private static func plan(of kind: Happening.Kind) -> (attempt: Int, delaySeconds: Double)? {
    if case .reconnectionPlanned(let attempt, let delay) = kind { (attempt, delay) } else { nil }
  }

  @Sendable private static func attempt(of kind: Happening.Kind) -> ReconnectionAttempt? {
    if case .reconnectionAttempt(let attempt) = kind { attempt } else { nil }
  }
}

extension ReconnectionAttempt {
  /// How grave it is: everything but success is a warning.
  var severity: EventRow.Severity { success == true ? .good : .warning }

  /// The row's words: "attempt 2 after 4 s failed".
  var sentence: String {
    let planned = plannedDelaySeconds.map { " after \(Figure.seconds($0))" } ?? ""
    return "attempt \(attempt)\(planned) \(success.map { $0 ? "connected" : "failed" } ?? "made")"
  }
}
