import Events
import SpeechProtocol
import TestSupport
import Testing

@testable import EmbeddedPipeline

@Suite struct EchoSessionTests {
  private func opened(_ tuning: EchoTuning = EchoTuning(), maxInflight: Int? = nil) -> EchoSession {
    var session = EchoSession(tuning: tuning)
    _ = session.apply(.open(Self.start(maxInflight: maxInflight), sessionID: "s"), at: .zero)
    return session
  }

  private static func start(
    stream: String = "test", worker: String = "w", chunk: Int? = 6000, rate: Int? = 48000, channels: Int? = 2, maxInflight: Int? = nil,
    timeout: Int? = nil
  ) -> STSStreamInit {
    STSStreamInit(
      streamID: stream, workerID: worker,
      config: STSStreamConfig(
        sourceLanguage: "en", targetLanguage: "es", chunkDurationMs: chunk, sampleRateHz: rate, channels: channels, format: "aac"),
      maxInflight: maxInflight, timeoutMs: timeout)
  }

  private static func fragment(
    _ sequence: Int, id: String? = nil, stream: String = "test", rate: Int = 48000, channels: Int = 2, milliseconds: Int = 6000,
    data: String = "AAAA"
  ) -> STSFragmentData {
    STSFragmentData(
      fragmentID: id ?? "f\(sequence)", streamID: stream, sequenceNumber: sequence,
      audio: STSAudio(format: "aac", sampleRateHz: rate, channels: channels, durationMs: milliseconds, dataBase64: data))
  }

  private func errors(_ actions: [EchoSession.Action]) -> [String] {
    actions.compactMap { if case .emit(.error(let error)) = $0 { error.code } else { nil } }
  }

  private func delivered(_ actions: [EchoSession.Action]) -> [STSFragmentProcessed] {
    actions.compactMap { if case .emit(.fragmentProcessed(let result)) = $0 { result } else { nil } }
  }

  private func backpressure(_ actions: [EchoSession.Action]) -> [STSBackpressure] {
    actions.compactMap { if case .emit(.backpressure(let message)) = $0 { message } else { nil } }
  }

  @Test(arguments: [
    start(stream: ""), start(worker: ""), start(stream: String(repeating: "x", count: 257)), start(chunk: 99), start(chunk: 60001),
    start(rate: 7999), start(rate: 96001), start(channels: 0), start(channels: 3), start(maxInflight: 0), start(maxInflight: 11),
    start(timeout: 999), start(timeout: 120_001),
  ])
  func `bad streams are refused`(message: STSStreamInit) {
    var session = EchoSession(tuning: EchoTuning())
    #expect(errors(session.apply(.open(message, sessionID: "s"), at: .zero)) == ["INVALID_CONFIG"])
    #expect(session.state == .initializing)
  }

  @Test(arguments: [
    start(chunk: 100), start(chunk: 6000), start(chunk: 60000), start(rate: 8000), start(rate: 96000), start(channels: 1),
    start(maxInflight: 1),
    start(maxInflight: 10), start(timeout: 1000), start(timeout: 30000), start(timeout: 120_000),
    start(chunk: nil, rate: nil, channels: nil),
  ])
  func `edges are taken`(message: STSStreamInit) {
    var session = EchoSession(tuning: EchoTuning())
    let actions = session.apply(.open(message, sessionID: "s"), at: .zero)
    guard case .emit(.streamReady(let ready)) = actions.first else { return #expect(Bool(false), "no stream:ready") }
    #expect(ready.maxInflight == message.maxInflight ?? 3)
    #expect(session.state == .active)
  }

  @Test(arguments: [
    (fragment(-1), "INVALID_SEQUENCE"), (fragment(0, rate: 7999), "INVALID_CONFIG"), (fragment(0, channels: 3), "INVALID_CONFIG"),
    (fragment(0, milliseconds: -1), "INVALID_CONFIG"), (fragment(0, milliseconds: 60001), "INVALID_CONFIG"),
    (fragment(0, data: "A"), "INVALID_CONFIG"), (fragment(0, data: "AA=A"), "INVALID_CONFIG"), (fragment(0, id: ""), "INVALID_CONFIG"),
    (fragment(0, stream: "other"), "STREAM_NOT_FOUND"),
    (fragment(0, data: String(repeating: "A", count: (10 << 20) / 3 * 4 + 8)), "FRAGMENT_TOO_LARGE"),
  ])
  func `bad fragments are refused`(data: STSFragmentData, code: String) {
    var session = opened()
    #expect(errors(session.apply(.fragment(data, processingSeconds: 0), at: .zero)) == [code])
    #expect(session.inflight.isEmpty)
  }

  @Test func `fragments are taken only when active`() {
    var fresh = EchoSession(tuning: EchoTuning())
    #expect(errors(fresh.apply(.fragment(Self.fragment(0), processingSeconds: 0), at: .zero)) == ["STREAM_NOT_FOUND"])
    var session = opened()
    let reference = STSStreamReference(streamID: "test")
    _ = session.apply(.pause(reference), at: .zero)
    #expect(session.state == .paused)
    #expect(errors(session.apply(.fragment(Self.fragment(0), processingSeconds: 0), at: .zero)) == ["STREAM_NOT_FOUND"])
    _ = session.apply(.resume(reference), at: .zero)
    #expect(errors(session.apply(.fragment(Self.fragment(0), processingSeconds: 0), at: .zero)).isEmpty)
    _ = session.apply(.end(reference), at: .zero)
    #expect(session.state == .ending)
    #expect(errors(session.apply(.fragment(Self.fragment(1), processingSeconds: 0), at: .zero)) == ["STREAM_NOT_FOUND"])
  }

  @Test func `results come in sequence order whatever is ready first`() {
    var session = opened(maxInflight: 10)
    for sequence in [2, 0, 1] { _ = session.apply(.fragment(Self.fragment(sequence), processingSeconds: 1), at: .zero) }
    #expect(delivered(session.apply(.fragmentReady(fragmentID: "f2"), at: RunInstant(seconds: 1))).isEmpty)
    #expect(delivered(session.apply(.fragmentReady(fragmentID: "f1"), at: RunInstant(seconds: 1))).isEmpty)
    #expect(delivered(session.apply(.fragmentReady(fragmentID: "f0"), at: RunInstant(seconds: 2))).map(\.sequenceNumber) == [0, 1, 2])
  }

  @Test func `a hole is waited for and then passed`() {
    var session = opened(maxInflight: 10)
    _ = session.apply(.fragment(Self.fragment(3), processingSeconds: 0), at: .zero)
    let waiting = session.apply(.fragmentReady(fragmentID: "f3"), at: .zero)
    #expect(waiting == [.setTimer(.gapExpired(sequenceNumber: 3), seconds: 0.5)])
    #expect(delivered(session.apply(.gapExpired(sequenceNumber: 3), at: RunInstant(seconds: 0.5))).map(\.sequenceNumber) == [3])
    #expect(errors(session.apply(.fragment(Self.fragment(1), processingSeconds: 0), at: .zero)) == ["INVALID_SEQUENCE"])
    _ = session.apply(.fragment(Self.fragment(4), processingSeconds: 0), at: .zero)
    #expect(errors(session.apply(.fragment(Self.fragment(4, id: "g"), processingSeconds: 0), at: .zero)) == ["INVALID_SEQUENCE"])
  }

  @Test func `load brings backpressure and one message takes it back`() {
    var tuning = EchoTuning()
    tuning.isBackpressureEnabled = true
    var session = opened(tuning, maxInflight: 4)
    var messages: [STSBackpressure] = []
    for sequence in 0..<4 {
      messages += backpressure(session.apply(.fragment(Self.fragment(sequence), processingSeconds: 9), at: .zero))
    }
    #expect(messages.map(\.severity) == [.low, .medium, .high])
    #expect(messages.map(\.action) == [.none, .slowDown, .pause])
    #expect(messages.map(\.recommendedDelayMs) == [nil, 500, 1000])
    #expect(messages.map(\.currentInflight) == [2, 3, 4])
    messages = []
    for sequence in 0..<4 {
      messages += backpressure(session.apply(.acknowledged(STSFragmentAck(fragmentID: "f\(sequence)", status: "applied")), at: .zero))
    }
    #expect(messages.map(\.severity) == [.medium, .low, .low])
    #expect(messages.last?.action == BackpressureAction.none)
    #expect(backpressure(session.apply(.acknowledged(STSFragmentAck(fragmentID: "f3", status: "applied")), at: .zero)).isEmpty)
  }

  @Test func `no backpressure when switched off`() {
    var session = opened(maxInflight: 1)
    #expect(backpressure(session.apply(.fragment(Self.fragment(0), processingSeconds: 9), at: .zero)).isEmpty)
  }

  @Test func `the first matching rule wins`() {
    var session = opened(maxInflight: 10)
    session.errors = EchoErrorRules(
      STSErrorSimulation(
        enabled: true,
        rules: [
          STSErrorRule(trigger: .sequenceNumber, value: .number(1), errorCode: "TIMEOUT", errorMessage: "slow", stage: "asr"),
          STSErrorRule(trigger: .fragmentID, value: .text("f2"), errorCode: "INVALID_CONFIG"),
          STSErrorRule(trigger: .nthFragment, value: .number(2), errorCode: "GPU_OOM", retryable: false),
        ]))
    var results: [STSFragmentProcessed] = []
    for sequence in 0..<4 {
      _ = session.apply(.fragment(Self.fragment(sequence), processingSeconds: 0), at: .zero)
      results += delivered(session.apply(.fragmentReady(fragmentID: "f\(sequence)"), at: .zero))
    }
    #expect(results.map(\.status) == [.success, .failed, .failed, .failed])
    #expect(results[1].error == STSFragmentError(code: "TIMEOUT", message: "slow", stage: "asr", retryable: true))
    #expect(results[2].error?.code == "INVALID_CONFIG")
    #expect(results[2].error?.retryable == false)
    #expect(results[3].error?.code == "GPU_OOM")
    #expect(results[3].error?.retryable == false)
    #expect(results[0].dubbedAudio == Self.fragment(0).audio)
    #expect(results[1].dubbedAudio == nil)
  }

  @Test func `rules with a limit run out`() {
    var rules = EchoErrorRules(
      STSErrorSimulation(
        enabled: true, rules: [STSErrorRule(trigger: .nthFragment, value: .number(1), errorCode: "TIMEOUT", times: 2)]))
    let failures = (1...4).map { rules.failure(for: Self.fragment($0), count: $0) != nil }
    #expect(failures == [true, true, false, false])
    #expect(rules.shotsLeft == 0)
  }

  @Test func `ending waits for what is in work then completes and disconnects`() {
    var session = opened(maxInflight: 10)
    for sequence in 0..<3 { _ = session.apply(.fragment(Self.fragment(sequence), processingSeconds: 1), at: .zero) }
    #expect(session.apply(.end(STSStreamReference(streamID: "test")), at: .zero).isEmpty)
    var last: [EchoSession.Action] = []
    for sequence in 0..<3 {
      last = session.apply(.fragmentReady(fragmentID: "f\(sequence)"), at: RunInstant(seconds: Double(sequence + 1) / 10))
    }
    guard case .emit(.streamComplete(let complete)) = last[1] else { return #expect(Bool(false), "no stream:complete: \(last)") }
    #expect(complete.totalFragments == 3)
    #expect(complete.totalDurationMs == 18000)
    #expect(complete.statistics.avgProcessingTimeMs == 200)
    #expect(complete.statistics.p95ProcessingTimeMs == 300)
    #expect(last.last == .setTimer(.autoDisconnect, seconds: 5))
    #expect(session.apply(.autoDisconnectDue, at: .zero) == [.disconnect(reason: "stream ended")])
  }

  @Test func `a flood is refused with queue full`() {
    var session = opened(maxInflight: 10)
    for sequence in 0..<EchoSession.queueLimit {
      #expect(errors(session.apply(.fragment(Self.fragment(sequence), processingSeconds: 9), at: .zero)).isEmpty)
    }
    #expect(errors(session.apply(.fragment(Self.fragment(64), processingSeconds: 9), at: .zero)) == ["QUEUE_FULL"])
  }

  /// Whatever the delays and the order of arrival: every accepted fragment is delivered once, in rising order.
  @Test(arguments: 0..<100) func `delivery is ordered for random arrivals`(seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    var session = opened(maxInflight: 10)
    var ready: [String] = []
    var order: [Int] = []
    var accepted = 0
    var next = Array(0..<30)
    for index in next.indices { next.swapAt(index, min(29, index + random.next(below: 3))) }
    while !next.isEmpty || !ready.isEmpty {
      var actions: [EchoSession.Action] = []
      if !next.isEmpty, ready.isEmpty || random.next(below: 2) == 0 {
        let data = Self.fragment(next.removeFirst())
        actions = session.apply(.fragment(data, processingSeconds: 1), at: .zero)
        if errors(actions).isEmpty {
          accepted += 1
          ready.append(data.fragmentID)
        }
      } else {
        actions = session.apply(.fragmentReady(fragmentID: ready.remove(at: random.next(below: ready.count))), at: .zero)
        for case .setTimer(.gapExpired(let sequence), _) in actions where random.next(below: 3) == 0 {
          actions += session.apply(.gapExpired(sequenceNumber: sequence), at: .zero)
        }
      }
      order += delivered(actions).map(\.sequenceNumber)
    }
    order += delivered(session.apply(.end(STSStreamReference(streamID: "test")), at: .zero)).map(\.sequenceNumber)
    #expect(order == order.sorted())
    #expect(order.count == accepted)
    #expect(session.pending.isEmpty)
  }
}
