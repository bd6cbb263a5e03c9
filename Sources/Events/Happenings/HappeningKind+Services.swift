extension HappeningKind {
  /// What becomes of the processes of services.
  static let services = [serviceStarted, serviceRestarted, serviceStopped, serviceExited]

  /// It began to run.
  package static let serviceStarted = service("service-started", "the service began to run", Line { _ in .happening(.lifecycle(.started)) })

  /// It runs again.
  package static let serviceRestarted = service(
    "service-restarted", "the service runs again",
    Line([HappeningField("evidence", .text, "what tells so")]) {
      .happening(.lifecycle(.restarted(evidence: $0.text("evidence") ?? "its log says so")))
    })

  /// It was asked to stop and did.
  package static let serviceStopped = service(
    "service-stopped", "the service was asked to stop and did", Line { _ in .happening(.lifecycle(.stopped)) })

  /// It ended. Rules count what dubwatch sees of processes, whatever a log says; the word is the service's name.
  package static let serviceExited = service(
    "service-exited", "the service ended",
    Line([HappeningField("status", .integer, "its exit status"), HappeningField("reason", .text, "why")]) {
      values throws(HappeningMistake) in
      .happening(
        .lifecycle(
          .exited(
            status: try values.integer("status").flatMap(Int32.init(exactly:)), reason: values.text("reason") ?? "its log says so")))
    },
    counting: Counting(words: nil, isOwn: true) { $0.service.text })

  private static func service(_ word: String, _ meaning: String, _ line: Line, counting: Counting? = nil) -> HappeningKind {
    HappeningKind(
      word, meaning, about: .lifecycle, line: line, counting: counting,
      telling: .of(
        .service, { if case .lifecycle(let lifecycle) = $0 { lifecycle } else { nil } }, severity: \.severity, sentence: \.sentence))
  }
}

extension ServiceLifecycle {
  /// The kind of a happening that tells it.
  var descriptor: HappeningKind {
    switch self {
    case .started: .serviceStarted
    case .restarted: .serviceRestarted
    case .stopped: .serviceStopped
    case .exited: .serviceExited
    }
  }

  /// How grave it is: an end without success is bad.
  var severity: EventRow.Severity {
    switch self {
    case .started, .stopped, .exited(status: 0, _): .info
    case .restarted: .warning
    case .exited: .bad
    }
  }

  /// The row's words: "ended with status 1: out of memory".
  package var sentence: String {
    switch self {
    case .started: "started"
    case .restarted(let evidence): "restarted (\(evidence))"
    case .stopped: "stopped"
    case .exited(let status, let reason): "ended\(status.map { " with status \($0)" } ?? "")\(reason.isEmpty ? "" : ": \(reason)")"
    }
  }
}
