import Contracts
import Events
import Foundation
import SpeechProtocol
import TestSupport
import Testing
import WireFormats

@testable import HarnessConfig

/// Every sample of a log, line by line: what is understood of it.
@Suite struct LogSampleTests {
  /// The lines that collectors and loggers deliver in their ways: all of them are the same nine.
  private static let same = [
    "compose-color", "compose-t", "cri", "docker-json-file", "epoch-ns", "journald-json", "kubectl-t", "log4j2-instant", "loguru",
    "pyjson-created",
  ]

  private static let expected: [(seconds: Double, level: LogLevel, kind: Happening.Kind)] = [
    (0, .info, .fragment(FragmentHappening(stage: .sent, fragmentID: "f0", streamID: "test", sequenceNumber: 0))),
    (0.9, .info, .fragment(FragmentHappening(stage: .processed, fragmentID: "f0", streamID: "test", sequenceNumber: 0, detail: "success"))),
    (6, .info, .backpressure(BackpressureEvent(severity: .medium, action: .slowDown, recommendedDelayMilliseconds: 500))),
    (30.12, .warning, .breaker(BreakerTransition(state: .open, trigger: .timeout, failureCount: 5))),
    (60.25, .info, .breaker(BreakerTransition(state: .halfOpen))),
    (61, .info, .breaker(BreakerTransition(state: .closed, trigger: .success))),
    (70, .warning, .speechDisconnected(reason: "transport close")),
    (72.003, .info, .reconnectionAttempt(ReconnectionAttempt(attempt: 1, plannedDelaySeconds: 2, success: false))),
    (76.004, .info, .reconnectionAttempt(ReconnectionAttempt(attempt: 2, plannedDelaySeconds: 4, success: true))),
  ]

  @Test(arguments: same) func `the same lines, however they are delivered`(file: String) throws {
    var matcher = LogMatcher(contract: BuiltInContracts.spec018, hostUTCOffsetSeconds: 0)
    let matches = try Fixtures.lines("logs/\(file).log").map { matcher.match($0, service: .mediaService) }
    #expect(matches.count == Self.expected.count)
    for (match, expected) in zip(matches, Self.expected) {
      #expect(match.happenings.map(\.kind) == [expected.kind])
      #expect(match.line.level == expected.level)
      #expect(abs((match.line.reportedAt?.epochSeconds ?? 0) - 1_767_139_200 - expected.seconds) < 1e-3, "\(match.line.text.prefix(60))")
      #expect(match.line.form == .read)
    }
  }

  /// Files, the contract that reads them, and the moment shortly after they were written.
  private static let tables: [(file: String, contract: String, reference: Double?)] =
    (same + ["traceback", "uvicorn-mix"]).map { ("logs/\($0).log", "spec-018", nil) } + [
      ("foreign/spring.log", "spring", nil), ("foreign/node.log", "spec-018", nil), ("foreign/serilog.log", "spec-018", nil),
      ("foreign/two.log", "spec-018", nil), ("contracts/spec-018.log", "spec-018", nil),
    ]

  private static func contract(_ name: String) throws -> Contract {
    try name == "spring" ? ContractLoader.load(Checkout.fixture("foreign/spring.yaml")) : ContractLoader.load(name)
  }

  @Test func `what is understood of every line`() throws {
    let sections = try Self.tables.map { file, name, reference in
      var matcher = LogMatcher(contract: try Self.contract(name), hostUTCOffsetSeconds: 0)
      matcher.reference = reference.map { WallTime(epochSeconds: $0) }
      let lines = try Fixtures.lines(file).map { Self.row(matcher.match($0, service: .mediaService)) }
      return Golden.Section(name: "\(file) read by \(name)", text: lines.joined(separator: "\n") + "\n")
    }
    try Golden.expect(sections, "log-samples")
  }

  /// `2025-12-31 00:00:30.120 warning read breaker`.
  private static func row(_ match: LogMatch) -> String {
    let time = match.line.reportedAt.map { at in
      let whole = at.epochSeconds.rounded(.down)
      let civil = CivilTime(epochSeconds: Int(whole))
      let milliseconds = Int(((at.epochSeconds - whole) * 1000).rounded())
      return "\(civil.date) \(civil.time).\(String(milliseconds + 1000).dropFirst())"
    }
    let kinds = match.happenings.map { happening in
      if case .finding(let finding) = happening.kind { "finding \(finding.id)" } else { happening.kind.descriptor.word }
    }
    let words = [
      time ?? "no time", match.line.level?.rawValue ?? "no level", match.line.form?.rawValue ?? "", match.isContinuation ? "goes on" : "",
    ]
    return (words + kinds).filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// The logs of the real service: how many lines there are, how many of them have a time, and how many tell something.
  @Test(arguments: [
    ("normal", 1, 0.7), ("reconnect", 1, 0.7), ("backpressure", 1, 0.7), ("output-error", 1, 0.5), ("branch-30s", 1, 0.7),
    ("branch-024-vad", 1, 0.7),
    ("echo-sts", 1, 0.25),
  ])
  func `the real services logs have their times`(file: String, least: Int, share: Double) throws {
    var matcher = LogMatcher(contract: BuiltInContracts.mediaService, hostUTCOffsetSeconds: 0)
    // 2026-11-26 16:00.
    matcher.reference = WallTime(epochSeconds: 1_795_708_800)
    let matches = try Fixtures.lines("media-service/\(file).log").map { matcher.match($0, service: .mediaService) }
    let dated = matches.filter { $0.line.reportedAt != nil }
    #expect(Double(dated.count) / Double(matches.count) > share)
    #expect(dated.allSatisfy { $0.line.level != nil && $0.line.form == .read })
    #expect(matches.count { !$0.happenings.isEmpty } >= least)
    #expect(
      zip(dated, dated.dropFirst()).allSatisfy {
        ($0.line.reportedAt ?? .init(epochSeconds: 0)) <= ($1.line.reportedAt ?? .init(epochSeconds: 0))
      })
    #expect(dated.allSatisfy { ($0.line.reportedAt?.epochSeconds ?? 0) > 1_795_000_000 })
  }

  @Test func `the attempts of the branch with long segments are told`() throws {
    var matcher = LogMatcher(contract: BuiltInContracts.mediaService, hostUTCOffsetSeconds: 0)
    let kinds = try Fixtures.lines("media-service/branch-30s.log").flatMap {
      matcher.match($0, service: .mediaService).happenings.map(\.kind)
    }
    let attempts = kinds.filter { kind in
      switch kind {
      case .reconnectionPlanned, .reconnectionAttempt: true
      default: false
      }
    }
    #expect(
      attempts == [
        .reconnectionPlanned(attempt: 1, delaySeconds: 2), .reconnectionAttempt(ReconnectionAttempt(attempt: 1, success: false)),
        .reconnectionPlanned(attempt: 2, delaySeconds: 4), .reconnectionAttempt(ReconnectionAttempt(attempt: 2, success: false)),
        .reconnectionPlanned(attempt: 3, delaySeconds: 8), .reconnectionAttempt(ReconnectionAttempt(attempt: 3, success: false)),
        .reconnectionPlanned(attempt: 4, delaySeconds: 16), .reconnectionAttempt(ReconnectionAttempt(attempt: 4, success: true)),
      ])
  }

  @Test(arguments: ["logs/docker-json-file.log", "logs/loguru.log", "logs/journald-json.log", "media-service/branch-024-vad.log"])
  func `a log that is understood is kept by the check`(file: String) throws {
    let contract = file.hasPrefix("logs") ? BuiltInContracts.spec018 : BuiltInContracts.mediaService
    var check = ContractCheck(contract, scrape: nil)
    check.read(lines: try Fixtures.lines(file), contract: contract, reference: WallTime(epochSeconds: 1_795_708_800))
    #expect(check.unknownLineCount < check.lineCount)
    #expect(!check.remarks.contains { $0.contains("not one of") })
  }

  @Test(arguments: [
    ("logs/loguru.log", "media-service", "their time and level are read, but no log_template"),
    ("foreign/spring.log", "spec-018", "are not built as log_format: json"),
    ("foreign/serilog.log", "spec-018", "cannot be read"),
  ])
  func `a log of which nothing is understood fails the check`(file: String, contract: String, words: String) throws {
    let contract = try Self.contract(contract)
    var check = ContractCheck(contract, scrape: nil)
    check.read(lines: try Fixtures.lines(file), contract: contract)
    #expect(check.unknownLineCount == check.lineCount)
    #expect(check.remarks.contains { $0.contains(words) }, "\(check.remarks)")
    #expect(!check.isKept)
  }

  @Test func `an empty log is nothing understood`() {
    var check = ContractCheck(BuiltInContracts.spec018, scrape: nil)
    check.read(lines: [], contract: BuiltInContracts.spec018)
    #expect(check.remarks == ["no log line was read: nothing of the log is known"])
    #expect(!check.isKept)
  }
}
