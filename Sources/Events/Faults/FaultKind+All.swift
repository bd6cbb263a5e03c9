import SpeechProtocol
import WireFormats

extension FaultKind {
  /// Every fault, in the order of the menu.
  package static let all: [FaultKind] = [
    speechErrors, speechDisconnect, speechOutage, backpressure, latency, workerCrash, workerRestart, audioSkew, audioDrift, publisherStop,
    containerStop, containerKill, containerPause,
  ]

  // MARK: The speech service

  /// The next fragments fail with a code.
  package static let speechErrors = FaultKind(
    id: "sts-errors", means: .speech, target: .service(.speechService), aspect: .errors, course: .untilOver(withinSeconds: 300),
    parameters: [
      FaultParameter(
        .code, .word(STSErrorCode.allCases.map(\.rawValue)), .word(STSErrorCode.timeout.rawValue), "the code that each fails with"),
      FaultParameter(.count, .whole(1...10_000, unit: "fragments"), 5, "how many fail"),
    ],
    sentence: "The speech service fails the next fragments with a code.",
    title: { "The next \($0.text(.count)) fragments fail with \($0.word(.code))" },
    detail: { "\($0.word(.code)) ×\($0.text(.count))" })

  /// The speech service drops the worker's connection.
  package static let speechDisconnect = FaultKind(
    id: "sts-disconnect", means: .speech, target: .service(.speechService), aspect: .connection, course: .blow,
    sentence: "The speech service drops the worker's connection once.", title: { _ in "The speech service drops the worker's connection" },
    detail: { _ in "disconnect" })

  /// The speech service answers 503 and lets nobody in.
  package static let speechOutage = FaultKind(
    id: "sts-outage", means: .speech, target: .service(.speechService), aspect: .outage, course: .lasting(.seconds, since: .done),
    parameters: [duration(20)], sentence: "The speech service answers 503, drops its clients and lets nobody in.",
    title: { "The speech service is out for \($0.text(.seconds)) s" }, detail: { "outage \($0.text(.seconds)) s" })

  /// The speech service sends a backpressure message.
  package static let backpressure: FaultKind = FaultKind(
    id: "backpressure", means: .speech, target: .service(.speechService), aspect: .backpressure, course: .setting,
    parameters: [
      FaultParameter(
        .severity, .word(BackpressureSeverity.allCases.map(\.rawValue)), .word(BackpressureSeverity.medium.rawValue),
        "the severity it names"),
      FaultParameter(
        .action, .word(BackpressureAction.allCases.map(\.rawValue)), .word(BackpressureAction.slowDown.rawValue),
        "what the worker is asked for; none takes an earlier one back"),
      FaultParameter(
        .delayMilliseconds, .number(1...60_000, unit: "milliseconds"), nil,
        "how long to wait before each fragment; left to the worker if absent"),
    ],
    presets: [
      Preset(id: "backpressure-pause", values: pressure(.high, .pause)),
      Preset(id: "backpressure-slow-down", values: pressure(.medium, .slowDown).merging([.delayMilliseconds: 500]) { $1 }),
      Preset(id: "backpressure-clear", values: pressure(.low, .none)),
    ],
    sentence: "The speech service sends one backpressure message; what it asks for holds until the next.",
    title: { fault in
      switch BackpressureAction(rawValue: fault.word(.action)) {
      case .pause: "Backpressure: pause"
      case .slowDown: "Backpressure: slow down"
      case .some(.none), nil: "Backpressure: clear"
      }
    },
    detail: { fault in
      "\(fault.word(.severity))/\(fault.word(.action))"
        + (fault.optionalNumber(.delayMilliseconds).map { " \(NumberText.shortest($0)) ms" } ?? "")
    },
    word: { fault in
      backpressure.presets.first { $0.values[.action]?.text == fault.word(.action) }?.id ?? backpressure.id
    })

  /// Every fragment takes longer.
  package static let latency = FaultKind(
    id: "sts-latency", means: .speech, target: .service(.speechService), aspect: .latency, course: .lasting(.seconds, since: .done),
    parameters: [
      FaultParameter(.milliseconds, .number(0...60_000, unit: "milliseconds"), 4000, "how much longer each fragment takes"), duration(30),
    ],
    sentence: "Every fragment takes so much longer.",
    title: {
      "Every fragment takes \(NumberText.shortest($0.number(.milliseconds) / 1000)) s longer for \($0.text(.seconds)) s"
    },
    detail: { "+\($0.text(.milliseconds)) ms for \($0.text(.seconds)) s" })

  // MARK: The worker

  /// The worker's process ends, and is started again.
  package static let workerCrash = FaultKind(
    id: "worker-crash", means: .workerProcess, target: .service(.mediaService), aspect: .process,
    course: .lasting(.restartAfter, since: .done), overlap: .refused, parameters: [comeback(5)],
    sentence: "The worker's process ends as by a crash, and is started again.",
    title: { "The worker crashes and is started again after \($0.text(.restartAfter)) s" }, detail: { _ in "crash" })

  /// The worker is started again, whether it runs or not.
  package static let workerRestart = FaultKind(
    id: "worker-restart", means: .workerProcess, target: .service(.mediaService), aspect: .process, course: .blow,
    sentence: "The worker is started again at once, whether it runs or not.", title: { _ in "Start the worker again" },
    detail: { _ in "restart" })

  /// The output's audio is later or earlier than it should be.
  package static let audioSkew = FaultKind(
    id: "audio-skew", means: .worker, target: .service(.mediaService), aspect: .audio, course: .lasting(.seconds, since: .done),
    parameters: [
      FaultParameter(
        .milliseconds, .number(-5000...5000, unit: "milliseconds, later than the video (negative: earlier)"), 200,
        "how far the audio is off"),
      duration(30),
    ],
    sentence: "The output's audio is off against its video.",
    title: { "The audio is \(offset($0)) for \($0.text(.seconds)) s" }, detail: { offset($0) })

  /// The output's audio drifts; at the end it is right again.
  package static let audioDrift = FaultKind(
    id: "audio-drift", means: .worker, target: .service(.mediaService), aspect: .audio, course: .lasting(.seconds, since: .done),
    parameters: [
      FaultParameter(
        .millisecondsPerSecond, .number(-100...100, unit: "milliseconds per second, later (negative: earlier)"), 4,
        "how fast the audio drifts off"), duration(45),
    ],
    sentence: "The output's audio drifts off against its video; at the end it is right again.",
    title: { "The audio drifts by \(drift($0)) for \($0.text(.seconds)) s" },
    detail: { "\(drift($0)) for \($0.text(.seconds)) s" })

  // MARK: The publisher and the containers

  /// The publisher ends, and is started again.
  package static let publisherStop = FaultKind(
    id: "publisher-stop", means: .publisher, target: .service("publisher"), aspect: .publishing,
    course: .lasting(.restartAfter, since: .asked), overlap: .refused, runEnd: .nothing, parameters: [comeback(5)],
    sentence: "The publisher ends, and is started again.",
    title: { "The publisher stops and is started again after \($0.text(.restartAfter)) s" }, detail: { _ in "stop" })

  /// TERM, then KILL after 5 s; started again at the end.
  package static let containerStop = container(
    "container-stop", "stop", "A container is stopped (TERM, and KILL after 5 s), and started again.",
    title: { "Stop the container of \($0.service) for \($0.text(.seconds)) s" })

  /// KILL; started again at the end, as no restart policy answers to it.
  package static let containerKill = container(
    "container-kill", "kill", "A container is killed, and started again.",
    title: { "Kill the container of \($0.service), start it after \($0.text(.seconds)) s" })

  /// Frozen, with its connections open; thawed at the end.
  package static let containerPause = container(
    "container-pause", "pause", "A container is frozen with its connections open, and thawed again.", runEnd: .alwaysTakenBack,
    title: { "Freeze the container of \($0.service) for \($0.text(.seconds)) s" })

  private static func container(
    _ id: String, _ verb: String, _ sentence: String, runEnd: RunEnd = .takenBack, title: @escaping @Sendable (Fault) -> String
  ) -> FaultKind {
    FaultKind(
      id: id, means: .containers, target: .named(.service), aspect: .process, course: .lasting(.seconds, since: .done), overlap: .refused,
      runEnd: runEnd,
      parameters: [FaultParameter(.service, .service, .word(ServiceName.mediaService.text), "whose container it is"), duration(10)],
      sentence: sentence, title: title, detail: { "\($0.service) for \(Int($0.number(.seconds).rounded())) s" },
      endDetail: { $0.service.text }, word: { _ in "container \(verb)" })
  }

  // MARK: What several say alike

  /// No longer than any service can be told to go on by itself.
  private static let lengths = FaultParameter.Domain.number(0.1...3600, unit: "seconds")

  private static func duration(_ seconds: Int) -> FaultParameter {
    FaultParameter(.seconds, lengths, .number(Double(seconds)), "how long it lasts")
  }

  private static func comeback(_ seconds: Int) -> FaultParameter {
    FaultParameter(.restartAfter, lengths, .number(Double(seconds)), "after how long it is started again")
  }

  private static func pressure(
    _ severity: BackpressureSeverity, _ action: BackpressureAction
  ) -> [FaultParameter.Name: FaultValue] { [.severity: .word(severity.rawValue), .action: .word(action.rawValue)] }

  private static func offset(_ fault: Fault) -> String {
    let milliseconds = fault.number(.milliseconds)
    return milliseconds == 0 ? "in place" : "\(NumberText.shortest(abs(milliseconds))) ms \(milliseconds > 0 ? "late" : "early")"
  }

  /// In the unit it is asked for by, and in that of the measured figure.
  private static func drift(_ fault: Fault) -> String {
    let rate = fault.number(.millisecondsPerSecond)
    return "\(NumberText.shortest(rate)) ms/s (\(NumberText.shortest(rate * 60)) ms/min)"
  }
}

extension Fault {
  /// A number as text.
  fileprivate func text(_ name: FaultParameter.Name) -> String { NumberText.shortest(number(name)) }
}
