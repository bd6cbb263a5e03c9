import Contracts
import Events
import SpeechProtocol
import Testing

@testable import HarnessConfig

@Suite struct MediaServiceSampleTests {
  private func signals(_ name: String) throws -> [SignalID: SignalValue] {
    var resolver = SignalResolver(contract: BuiltInContracts.mediaService)
    return resolver.resolve(try Fixtures.scrape("media-service/\(name)"))
  }

  private func matches(_ name: String, service: ServiceName = .mediaService) throws -> [LogMatch] {
    var matcher = LogMatcher(contract: BuiltInContracts.mediaService, hostUTCOffsetSeconds: 0)
    return try Fixtures.lines("media-service/\(name)").map { matcher.match($0, service: service) }
  }

  @Test func `nothing is known before the first stream`() throws {
    #expect(try signals("metrics-before.txt").isEmpty)
  }

  @Test func `the healthy runs signals`() throws {
    let found = try signals("metrics-during.txt")
    let expected: [SignalID: Double] = [
      .fragmentsSent: 8, .fragmentsProcessed: 8, "fragments_partial": 0, .fragmentsFailed: 0, .fallbackCircuitOpen: 0,
      .inflightFragments: 0,
      .breakerState: 0, .breakerFailures: 0, .syncClaim: 585, .syncCorrections: 8, .bufferVideo: 0, .bufferAudio: 0, .backpressureEvents: 0,
      .backpressurePause: 0, .backpressureSlowDown: 0, .backpressureNone: 0, .segmentsAudio: 8, .segmentsVideo: 8, .errors: 0,
      .pipelineInput: 1, .pipelineOutput: 1, "segments_audio_bytes": 785_913, "segments_video_bytes": 12_108_707,
    ]
    for (signal, value) in expected { #expect(found[signal] == .number(value), "\(signal)") }
    #expect(
      found[.speechLatency]
        == .histogram(
          HistogramValue(
            upperBounds: [0.5, 1, 2, 3, 4, 5, 6, 8, 10, 15, .infinity], cumulativeCounts: Array(repeating: 8, count: 11), sum: 0.032,
            count: 8)))
    #expect(found.count == expected.count + 1)
    #expect(found.count == BuiltInContracts.mediaService.signals.count)
    #expect(BuiltInContracts.mediaService.breakerState(code: 0) == .closed)
  }

  @Test func `the disturbed runs signals`() throws {
    let found = try signals("metrics-after-reconnect.txt")
    #expect(found[.fragmentsSent] == .number(3))
    #expect(found[.fragmentsProcessed] == .number(3))
    #expect(found[.inflightFragments] == .number(1))
    #expect(found[.errors] == .number(9))
    #expect(found[.segmentsAudio] == .number(12))
    #expect(found[.reconnections] == nil)
  }

  @Test func `the healthy log tells nothing bad`() throws {
    let all = try matches("normal.log")
    for happening in all.flatMap(\.happenings) {
      switch happening.kind {
      case .finding, .speechDisconnected, .breaker, .backpressure, .reconnectionAttempt, .reconnectionGaveUp, .reconnectionPlanned:
        Issue.record("\(happening)")
      case .fragment(let fragment): #expect(fragment.stage == .sent || fragment.stage == .processed)
      case .lifecycle(.exited), .lifecycle(.restarted): Issue.record("\(happening)")
      default: break
      }
    }
    // Two ERROR lines a segment, each known as harmless.
    let errors = all.filter { $0.line.level == .error }
    #expect(errors.count == 18)
    #expect(errors.allSatisfy { $0.isExpected })
    #expect(all.filter { $0.line.level == nil }.isEmpty)
  }

  @Test(arguments: ["Audio", "Video"], ["segment", "entry"])
  func `a full buffer is told in both wordings`(track: String, noun: String) {
    var matcher = LogMatcher(contract: BuiltInContracts.mediaService, hostUTCOffsetSeconds: 0)
    let line = "2026-11-22 13:10:03,958 - media_service.sync.av_sync - WARNING - \(track) buffer full (10), dropping oldest \(noun)"
    let findings = matcher.match(line, service: .mediaService).happenings.compactMap { happening -> Finding? in
      if case .finding(let finding) = happening.kind { finding } else { nil }
    }
    #expect(findings.map(\.id) == ["\(track.lowercased())-buffer-full"] && findings.first?.text.contains("10 are waiting") == true)
  }

  @Test func `the healthy log in order`() throws {
    let happenings = try matches("normal.log").flatMap(\.happenings)
    let words = happenings.map { Self.word($0.kind) }
    #expect(Array(words.prefix(4)) == ["started", "connected", "session 26e327d6-4dce-4f2c-b87b-b9e37c1cb93b 3", "started"])
    let segment = ["in audio 0", "sent 0", "processed success", "in video 0", "claim 464.0", "out 0 dubbed"]
    #expect(Array(words[4..<10]) == segment)
    #expect(words.filter { $0.hasPrefix("sent") } == (0...8).map { "sent \($0)" })
    #expect(words.filter { $0 == "processed success" }.count == 9)
    #expect(words.filter { $0.hasPrefix("out ") } == (0...8).map { "out \($0) dubbed" })
    // The worker, and seconds later the process it runs in.
    #expect(words.filter { $0 == "stopped" }.count == 2)
    #expect(words.last == "stopped")
    #expect(happenings.allSatisfy { $0.provenance == .observed && $0.service == .mediaService && $0.line != nil })
    let first = happenings.first { if case .fragment = $0.kind { true } else { false } }
    #expect(first?.reportedAt == WallTime(epochSeconds: 1_795_352_767.290))
    guard case .fragment(let sent)? = first?.kind else { Issue.record("no fragment"); return }
    #expect(sent == FragmentHappening(stage: .sent, fragmentID: "7e763ab2-067f-4803-aa0f-bf71196f2e7e", sequenceNumber: 0))
  }

  @Test func `the disturbed log in order`() throws {
    let words = try matches("reconnect.log").flatMap(\.happenings).map { Self.word($0.kind) }
    #expect(words.filter { $0 == "disconnected" }.count == 2)
    #expect(words.filter { $0 == "connected" }.count == 4)
    #expect(words.filter { $0.hasPrefix("session") }.count == 3)
    #expect(words.filter { $0 == "timed out" }.count == 29)
    #expect(words.filter { $0 == "unsent not connected" }.count == 19)
    #expect(words.filter { $0 == "unsent stream not ready" }.count == 12)
    #expect(words.filter { $0.hasPrefix("sent") } == ["sent 0", "sent 1", "sent 2", "sent 0", "sent 1", "sent 2", "sent 3", "sent 0"])
    #expect(words.filter { $0.hasPrefix("finding fragments-cleared") }.first == "finding fragments-cleared true")
    #expect(words.filter { $0 == "finding video-buffer-full true" }.count == 11)
    // A loss is followed by failing segments; the connection comes back without a session, and segments go on failing.
    let tale = words.filter { $0 == "disconnected" || $0 == "connected" || $0.hasPrefix("session") || $0.hasPrefix("unsent") }
    var short: [String] = []
    for word in tale where short.last != word { short.append(word) }
    #expect(
      Array(short.prefix(7)) == [
        "connected", "session 5845d3d2-16c3-4d2b-a547-f078a90b5e91 3", "disconnected", "unsent not connected", "connected",
        "unsent stream not ready", "connected",
      ])
  }

  @Test func `the speech services log`() throws {
    let words = try matches("echo-sts.log", service: .speechService).flatMap(\.happenings).map { Self.word($0.kind) }
    #expect(words == ["started"] + Array(repeating: "acknowledged", count: 9) + ["stopped"])
  }

  @Test(arguments: [
    ("sts.circuit_breaker - INFO - Circuit open: using fallback for segment 0a", ["fallback circuit_open"]),
    ("worker.worker_runner - INFO - Using fallback for segment 7", ["fallback 7"]),
    ("sts.fragment_tracker - WARNING - Fragment timeout: id=0a, elapsed=8000ms, timeout=8000ms", ["timed out"]),
    ("sts.socketio_client - INFO - Fragment processed: id=0a, status=failed, processing_time=0ms", ["failed failed"]),
    ("sts.socketio_client - WARNING - Backpressure: severity=high, action=pause, inflight=3", ["backpressure pause"]),
    ("sts.backpressure_handler - INFO - Backpressure slow_down: severity=medium, delay=500ms", ["backpressure slow_down"]),
    ("sts.backpressure_handler - WARNING - Backpressure wait timeout after 30.0s", ["finding backpressure-wait-timeout true"]),
    ("sts.socketio_client - ERROR - STS error: code=RATE_LIMIT, message=slow down", ["finding sts-error true"]),
    ("sts.circuit_breaker - DEBUG - Circuit breaker: failure recorded, code=TIMEOUT, count=5, state=open", ["breaker open"]),
  ])
  func `other known lines`(line: String, expected: [String]) {
    var matcher = LogMatcher(contract: BuiltInContracts.mediaService, hostUTCOffsetSeconds: 0)
    let match = matcher.match("2026-11-22 13:06:01,147 - media_service.\(line)", service: .mediaService)
    #expect(match.happenings.map { Self.word($0.kind) } == expected)
  }

  @Test func `what two loggers tell is counted once`() {
    var matcher = LogMatcher(contract: BuiltInContracts.mediaService, hostUTCOffsetSeconds: 0)
    let lines = [
      "sts.socketio_client - WARNING - Backpressure: severity=medium, action=slow_down, inflight=3",
      "sts.backpressure_handler - INFO - Backpressure slow_down: severity=medium, delay=500ms",
      "sts.circuit_breaker - INFO - Circuit open: using fallback for segment 0a",
      "worker.worker_runner - INFO - Using fallback for segment 7",
      "sts.socketio_client - INFO - Fragment processed: id=0b, status=failed, processing_time=0ms",
      "worker.worker_runner - INFO - Using fallback for segment 8",
      "sts.socketio_client - WARNING - Backpressure: severity=medium, action=slow_down, inflight=3",
    ]
    let told = lines.flatMap { matcher.match("2026-11-22 13:06:01,147 - media_service.\($0)", service: .mediaService).happenings }
    let words = told.filter { !$0.isSequel }.map { Self.word($0.kind) }
    // What the second of two adds to the first is no occurrence.
    #expect(told.filter(\.isSequel).map { Self.word($0.kind) } == ["backpressure slow_down", "fallback 7 circuit_open"])
    #expect(
      words == ["backpressure slow_down", "fallback circuit_open", "failed failed", "fallback 8 error", "backpressure slow_down"])
  }

  static func word(_ kind: Happening.Kind) -> String {
    switch kind {
    case .speechConnected: "connected"
    case .speechDisconnected: "disconnected"
    case .sessionOpened(_, let session, let limit): "session \(session ?? "?") \(limit ?? 0)"
    case .lifecycle(.started): "started"
    case .lifecycle(.stopped): "stopped"
    case .breaker(let transition): "breaker \(transition.state.rawValue)"
    case .backpressure(let event): "backpressure \(event.action.rawValue)"
    case .syncClaim(let delta): "claim \(delta)"
    case .segment(let segment):
      switch segment.direction {
      case .input: "in \(segment.track ?? "?") \(segment.index ?? -1)"
      case .output: "out \(segment.index ?? -1) \(segment.isDubbed == true ? "dubbed" : "original")"
      }
    case .fragment(let fragment):
      switch fragment.stage {
      case .sent: "sent \(fragment.sequenceNumber ?? -1)"
      case .timedOut: "timed out"
      case .fallback:
        (["fallback", fragment.sequenceNumber.map(String.init), fragment.detail] as [String?]).compactMap { $0 }.joined(separator: " ")
      case .acknowledged: "acknowledged"
      case .unsent: "unsent \(fragment.detail ?? "?")"
      case .processed, .failed: "\(fragment.stage.rawValue) \(fragment.detail ?? "?")"
      }
    case .finding(let finding): "finding \(finding.id) \(finding.holds)"
    default: "other"
    }
  }
}
