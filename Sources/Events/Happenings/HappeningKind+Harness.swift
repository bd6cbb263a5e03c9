extension HappeningKind {
  // MARK: The publisher

  /// What the publisher does.
  static let publishing = [publisher, publisherFinished]

  /// The publisher changed.
  package static let publisher = publisher("publisher", "the publisher was started, began again, was stopped or failed")

  /// It came to the end of its file, as asked for.
  package static let publisherFinished = publisher(
    "publisher-finished", "the publisher came to the end of its file", counting: Counting(isOwn: true))

  private static func publisher(_ word: String, _ meaning: String, counting: Counting? = nil) -> HappeningKind {
    HappeningKind(
      word, meaning, about: .publisher, counting: counting,
      telling: .of(
        .publisher, { if case .publisher(let publisher) = $0 { publisher } else { nil } }, severity: \.severity, sentence: \.sentence))
  }

  // MARK: Faults

  /// What becomes of injected faults.
  static let faults = [fault, faultEnded]

  /// A fault began, or could not be injected.
  package static let fault = fault("fault", "a fault began, or could not be injected")

  /// A fault is over.
  package static let faultEnded = fault(
    "fault-ended", "a fault is over",
    counting: Counting(words: FaultKind.words.sorted(), isOwn: true) { fault(of: $0.kind)?.kind.replacing(" ", with: "-") ?? "" })

  private static func fault(_ word: String, _ meaning: String, counting: Counting? = nil) -> HappeningKind {
    HappeningKind(
      word, meaning, about: .faults, counting: counting,
      telling: .of(.fault, fault(of:), severity: \.severity, sentence: \.sentence))
  }

  @Sendable private static func fault(of kind: Happening.Kind) -> FaultHappening? {
    if case .fault(let fault) = kind { fault } else { nil }
  }

  // MARK: Findings

  /// What is not as it should be, and what is said to be harmless.
  static let findings = [finding, note, expected]

  /// Two sources disagree, or something is not as the contract has it.
  package static let finding = HappeningKind(
    "finding", "something is not as it should be; until names the happening that takes it back", about: .others,
    line: Line([
      HappeningField("id", .text, required: true, "a short stable name; one finding a name is shown at a time"),
      HappeningField("text", .text, required: true, "the sentence; {name} stands for a value of the line"),
    ]) { values throws(HappeningMistake) in
      let id = values.filled(try values.required("id", values.text("id")))
      return .happening(.finding(Finding(id: id, text: values.filled(try values.required("text", values.text("text"))))))
    },
    telling: .of(
      .finding, { if case .finding(let finding) = $0 { finding } else { nil } }, severity: { $0.holds ? .warning : .info },
      sentence: { $0.holds ? $0.text : "no longer: \($0.text)" }))

  /// A service tells of a state it is in.
  package static let note = HappeningKind(
    "note", "the service tells of a state that is worth a row and no trouble", about: .others,
    line: Line([HappeningField("text", .text, required: true, "the sentence; {name} stands for a value of the line")]) {
      values throws(HappeningMistake) in .happening(.note(values.filled(try values.required("text", values.text("text")))))
    },
    telling: .of(.service, { if case .note(let text) = $0 { text } else { nil } }, severity: { _ in .info }, sentence: { $0 }))

  /// No happening: the line is understood and nothing to worry about, whatever its level says.
  package static let expected = HappeningKind(
    "expected", "nothing: the line is understood and nothing to worry about, whatever its level", about: .others,
    line: Line { _ in .harmless })

  // MARK: The run

  /// What the harness itself does.
  static let run = [environment, scenario, mark, linesLost, logReadAgain, runEnded]

  /// The environment changed its state.
  package static let environment = HappeningKind(
    "environment", "the environment changed its state", about: .others,
    telling: .of(
      .run, state(of:), severity: { $0.state == .failed ? .bad : .info },
      sentence: { "environment \($0.state.rawValue)\($0.reason.map { ": \($0)" } ?? "")" }))

  @Sendable private static func state(of kind: Happening.Kind) -> (state: EnvironmentState, reason: String?)? {
    if case .environment(let state, let reason) = kind { (state, reason) } else { nil }
  }

  /// What a scenario does.
  package static let scenario = HappeningKind(
    "scenario", "what a scenario does", about: .scenario,
    telling: .of(
      .run, { if case .scenario(let scenario) = $0 { scenario } else { nil } }, severity: \.severity, sentence: \.sentence))

  /// A note of the user.
  package static let mark = HappeningKind(
    "mark", "a note of the user", about: .others,
    telling: .of(.mark, { if case .mark(let text) = $0 { text } else { nil } }, severity: { _ in .info }, sentence: { $0 }))

  /// Lines of a log were lost before they could be read.
  package static let linesLost = HappeningKind(
    "lines-lost", "lines of a log were lost before they could be read", about: .others,
    telling: .of(.source, { if case .linesLost(let loss) = $0 { loss } else { nil } }, severity: { _ in .bad }, sentence: \.sentence))

  /// A log is read again by another contract.
  package static let logReadAgain = HappeningKind(
    "log-read-again", "a log is read again by another contract", about: .others,
    telling: .of(
      .source, { if case .logReadAgain(let reading) = $0 { reading } else { nil } }, severity: { $0.dropped > 0 ? .warning : .info },
      sentence: \.sentence))

  /// The run ended by itself.
  package static let runEnded = HappeningKind(
    "run-ended", "the run ended by itself", about: .others,
    telling: .of(
      .run, { if case .runEnded(let reason) = $0 { reason } else { nil } }, severity: { _ in .info }, sentence: { "run ended: \($0)" }))
}

extension PublisherHappening {
  /// The kind of a happening that tells it.
  var descriptor: HappeningKind {
    switch self {
    case .started, .looped, .stopped, .failed: .publisher
    case .finished: .publisherFinished
    }
  }

  /// How grave it is.
  var severity: EventRow.Severity {
    if case .failed = self { return .bad }
    return .info
  }

  /// What it did, in words.
  package var sentence: String {
    switch self {
    case .started(let target): "publishes to \(target)"
    case .looped(let count): "begins again, loop \(count)"
    case .stopped: "stopped"
    case .finished(let seconds): "came to the end after \(Figure.seconds(seconds))"
    case .failed(let reason): "failed: \(reason)"
    }
  }
}

extension FaultHappening {
  /// The kind of a happening that tells it: a blow is over as soon as it is done.
  var descriptor: HappeningKind {
    switch phase {
    case .began, .failed: .fault
    case .ended, .momentary: .faultEnded
    }
  }

  /// How grave it is.
  var severity: EventRow.Severity {
    switch phase {
    case .began, .momentary: .warning
    case .ended: .info
    case .failed: .bad
    }
  }

  /// The row's words: "sts outage 20 s began".
  var sentence: String {
    let text = "\(kind) \(detail)"
    switch phase {
    case .began: return "\(text) began"
    case .ended: return "\(text) ended"
    case .momentary: return text
    case .failed: return "\(text) could not be injected"
    }
  }
}
