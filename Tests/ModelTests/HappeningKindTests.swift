import MediaSync
import SpeechProtocol
import Synchronization
import Testing

@testable import Contracts
@testable import Events
@testable import Judging

struct HappeningKindTests {
  /// A value that a field takes, as a line writes it.
  private static func sample(_ field: HappeningField) -> String {
    switch field.domain {
    case .text: "text"
    case .integer: "3"
    case .number: "2.5"
    case .duration: "2s"
    case .flag: "true"
    case .word(let words): words.last ?? ""
    }
  }

  /// What a plain line with a template's fields tells.
  private static func read(_ kind: HappeningKind, _ fields: [HappeningField]) -> LogMatch {
    let pattern = "line" + fields.map { " \($0.name)={\($0.name):word};" }.joined()
    let line = "line" + fields.map { " \($0.name)=\(sample($0));" }.joined()
    var contract = Contract(name: "table", summary: "", logTemplates: [LogTemplate(happening: kind.word, pattern: pattern)])
    contract.logFormat = .pythonLogging
    #expect(contract.problems().filter { $0.path.hasPrefix("log_templates") } == [])
    var matcher = LogMatcher(contract: contract, hostUTCOffsetSeconds: 0)
    #expect(matcher.mistakes.isEmpty)
    let match = matcher.match("2026-01-02 03:04:05,678 - a.b - WARNING - \(line)", service: .mediaService)
    #expect(match.template == 0, "\(line)")
    return match
  }

  /// What stands for something else than a happening.
  private static let silent: [HappeningKind] = [.expected, .streamEnding, .fallbackCause]

  @Test func `every word stands there once, with a meaning`() {
    #expect(Set(HappeningKind.all.map(\.word)).count == HappeningKind.all.count)
    // What users have written in contracts and scenarios.
    let logs =
      "breaker backpressure breaker-state speech-connected speech-disconnected session-opened stream-ending reconnection-planned "
      + "reconnection-attempt reconnection-gave-up fragment-sent fragment-acknowledged fragment-processed fragment-failed "
      + "fragment-timed-out fragment-unsent fragment-fallback fallback-cause fragments-cleared segment-in segment-out sync-claim service-started "
      + "service-restarted service-stopped service-exited finding note expected"
    #expect(Set(HappeningKind.ofLogs.map(\.word)) == Set(logs.split(separator: " ").map(String.init)))
    let counted =
      "fragment-sent fragment-processed fragment-failed fragment-timed-out fragment-unsent fragment-fallback segment-out backpressure breaker "
      + "speech-connected speech-disconnected session-opened reconnection-attempt reconnection-gave-up publisher-finished "
      + "service-exited fault-ended"
    #expect(HappeningKind.countable.map(\.word).joined(separator: " ") == counted)
    for kind in HappeningKind.all {
      #expect(!kind.meaning.isEmpty)
      #expect(kind.telling != nil || kind.line != nil, "\(kind.word)")
      let names = kind.line?.fields.map(\.name) ?? []
      #expect(Set(names).count == names.count, "\(kind.word)")
      for field in kind.line?.fields ?? [] { #expect(!field.meaning.isEmpty && field.mismatch(Self.sample(field)) == nil) }
    }
  }

  @Test(arguments: HappeningKind.ofLogs) func `a line with its fields tells it`(_ kind: HappeningKind) throws {
    let fields = try #require(kind.line).fields
    for given in [fields, fields.filter(\.isRequired)] {
      let match = Self.read(kind, given)
      #expect(match.isExpected == (kind == .expected))
      guard !Self.silent.contains(kind) else {
        #expect(match.happenings.isEmpty)
        continue
      }
      let happening = try #require(match.happenings.first)
      #expect(match.happenings.count == 1)
      let told = happening.kind.descriptor
      #expect(told == kind || kind.alsoTells.contains(told) || kind == .fragmentsCleared && told == .finding)
      let row = try #require(happening.kind.row(syncMilliseconds: 500))
      #expect(row.category == told.telling?.category && !row.sentence.isEmpty)
    }
  }

  @Test(arguments: HappeningKind.ofLogs) func `a line without a field that it needs is a finding`(_ kind: HappeningKind) throws {
    let line = try #require(kind.line)
    for missing in line.fields where missing.isRequired {
      let values = HappeningValues { name in
        line.fields.first { $0.name == name && $0 != missing }.map { FieldValue.text(Self.sample($0)) }
      }
      let mistake = #expect(throws: HappeningMistake.self) { _ = try line.build(values) }
      #expect(mistake?.message == "the field \"\(missing.name)\" is missing")
      let template = LogTemplate(happening: kind.word, pattern: "some line")
      let contract = Contract(name: "table", summary: "", logTemplates: [template], logFormat: .pythonLogging)
      let wanted = "\(kind.word) needs \"\(missing.name)\": capture it in the pattern or give it under constants"
      #expect(contract.problems().contains(ContractProblem(path: "log_templates[0].pattern", message: wanted)))
    }
    let stranger = LogTemplate(happening: kind.word, pattern: "some line", constants: ["colour": "red"])
    let problems = Contract(name: "table", summary: "", logTemplates: [stranger]).problems()
    #expect(problems.contains { $0.path == "log_templates[0].constants.colour" && $0.message.hasPrefix("\(kind.word) has no field") })
  }

  @Test(arguments: HappeningKind.ofLogs) func `it takes the fields that the table names, and no others`(_ kind: HappeningKind) throws {
    let line = try #require(kind.line)
    let asked = Mutex<Set<String>>([])
    let values = HappeningValues { name in
      asked.withLock { _ = $0.insert(name) }
      return line.fields.first { $0.name == name }.map { FieldValue.text(Self.sample($0)) }
    }
    _ = try line.build(values)
    #expect(asked.withLock { $0 } == Set(line.fields.map(\.name)))
  }

  /// A happening of every case, of every stage, phase and direction.
  static let happenings: [Happening.Kind] =
    [
      .breaker(BreakerTransition(state: .open)), .backpressure(BackpressureEvent(severity: nil, action: .pause)),
      .speechDisconnected(reason: "x"), .speechConnected, .sessionOpened(streamID: nil, sessionID: nil, maxInflight: 3),
      .reconnectionPlanned(attempt: 1, delaySeconds: 2), .reconnectionAttempt(ReconnectionAttempt(attempt: 1, success: false)),
      .reconnectionGaveUp(attempts: 5), .segment(SegmentHappening(direction: .input)), .segment(SegmentHappening(direction: .output)),
      .syncClaim(deltaMilliseconds: 4), .lifecycle(.started), .lifecycle(.restarted(evidence: "x")), .lifecycle(.stopped),
      .lifecycle(.exited(status: 1, reason: "x")), .environment(.failed, reason: "x"), .publisher(.started(target: "x")),
      .publisher(.looped(count: 2)), .publisher(.stopped), .publisher(.finished(mediaSeconds: 3)), .publisher(.failed(reason: "x")),
      .stream(.closed(reason: "x")), .stream(.readerLost(reason: "x")), .mark("x"), .note("x"), .linesLost(LostLines(lines: 2)),
      .logReadAgain(LogReading(contract: "x", lines: 2, dropped: 1)),
      .scenario(.began(name: "x")), .scenario(.closed),
      .finding(Finding(id: "x", text: "x")), .runEnded(reason: "x"),
    ]
    + [FragmentHappening.Stage.sent, .acknowledged, .processed, .failed, .timedOut, .fallback, .unsent].map {
      .fragment(FragmentHappening(stage: $0))
    }
    + [FaultHappening.Phase.began, .ended, .momentary, .failed].map { .fault(FaultHappening(id: 1, kind: "x", detail: "y", phase: $0)) }

  @Test func `whatever happens has a kind with a row, and every kind that has a row happens`() throws {
    for happening in Self.happenings {
      let row = try #require(happening.row(syncMilliseconds: 500))
      #expect(row.category == happening.descriptor.telling?.category && !row.sentence.isEmpty)
      #expect(HappeningKind.all.contains(happening.descriptor))
      for kind in HappeningKind.countable {
        let pattern = EventPattern(kind)
        #expect(pattern.matches(Happening(happening, service: "a", provenance: .observed)) == (happening.descriptor == kind))
      }
    }
    let told = Set(Self.happenings.map(\.descriptor))
    for kind in HappeningKind.all where kind.telling != nil { #expect(told.contains(kind), "\(kind.word)") }
  }

  @Test func `who can tell what is counted`() {
    func words(_ kind: HappeningKind) -> [String] { kind.tellers.map(\.word) }
    #expect(words(.breaker) == ["breaker", "breaker-state"])
    #expect(words(.fragmentFailed) == ["fragment-processed", "fragment-failed"])
    for kind in [HappeningKind.publisherFinished, .serviceExited, .faultEnded] { #expect(words(kind) == []) }
    for kind in HappeningKind.countable where ![.breaker, .fragmentFailed].contains(kind) && kind.counting?.isOwn == false {
      #expect(words(kind) == [kind.word])
    }
  }

  @Test func `the manual lists every word with its fields`() {
    let manual = HappeningKind.manual
    for kind in HappeningKind.ofLogs {
      #expect(manual.contains("\n\(kind.word)  ") || manual.hasPrefix("\(kind.word)  "))
      for field in kind.line?.fields ?? [] { #expect(manual.contains(field.meaning)) }
    }
    #expect(manual.contains("  track                 its track; both if absent: audio or video\n"), "\(manual)")
    #expect(
      manual.contains("  delay_sec             in how many seconds: a number of seconds, or a duration such as 2s or 500ms; required\n"),
      "\(manual)")
  }
}
