import Events
import SpeechProtocol
import Testing

@testable import EmbeddedPipeline

@Suite struct WorkerMachineTests {
  @Test func `a clean minute sends ten and ends the stream`() {
    var worker = WorkerHarness.ready()
    for index in 0..<10 {
      worker.advance(to: Double(index + 1) * 6)
      worker.cut()
      worker.advance(to: Double(index + 1) * 6 + 0.5)
      worker.answer("f\(index)")
    }
    worker.apply(.endOfInput)
    #expect(worker.machine.counters.sent == 10)
    #expect(worker.machine.counters.processed == [.success: 10])
    #expect(worker.machine.inflight.isEmpty)
    #expect(worker.fallbacks.isEmpty)
    #expect(worker.sent.map(\.sequence) == Array(0..<10))
    #expect(worker.acks.map(\.status) == Array(repeating: "applied", count: 10))
    #expect(worker.ended == 1)
    #expect(worker.outputs.allSatisfy { $0.isDubbed })
    #expect(worker.machine.counters.sync.count == 10)
  }

  @Test func `five retryable failures open the breaker and a probe closes it`() {
    var worker = WorkerHarness.ready()
    for index in 0..<5 {
      worker.advance(to: Double(index + 1) * 6)
      worker.cut()
      worker.answer("f\(index)", code: .modelError)
    }
    #expect(worker.transitions == [BreakerTransition(from: .closed, state: .open, trigger: .failure, failureCount: 5)])
    for second in stride(from: 36.0, to: 60, by: 6) {
      worker.advance(to: second)
      worker.cut()
    }
    #expect(worker.sent.count == 5, "nothing is sent while it is open")
    #expect(worker.fallbacks.suffix(4) == [.circuitOpen, .circuitOpen, .circuitOpen, .circuitOpen])
    worker.advance(to: 60)
    worker.cut()
    #expect(worker.machine.breaker.state == .halfOpen)
    #expect(worker.sent.count == 6)
    worker.answer("f5")
    #expect(worker.transitions.map(\.state) == [.open, .halfOpen, .closed])
    #expect(worker.transitions.last?.trigger == .success)
  }

  @Test(arguments: [STSErrorCode.invalidConfig, .streamNotFound, .fragmentTooLarge, .invalidSequence])
  func `failures that cannot pass do not count`(code: STSErrorCode) {
    var worker = WorkerHarness.ready()
    for index in 0..<8 {
      worker.advance(to: Double(index + 1) * 6)
      worker.cut()
      worker.answer("f\(index)", code: code)
    }
    #expect(worker.machine.breaker.state == .closed)
    #expect(worker.fallbacks == Array(repeating: .error, count: 8))
  }

  @Test func `a fragment timeout falls back and counts`() {
    var worker = WorkerHarness.ready()
    for index in 0..<7 {
      worker.advance(to: Double(index + 1) * 6)
      worker.cut()
    }
    worker.advance(to: 60)
    #expect(worker.transitions.first == BreakerTransition(from: .closed, state: .open, trigger: .timeout, failureCount: 5))
    #expect(worker.fallbacks.prefix(5).allSatisfy { $0 == .timeout })
    let timeouts = worker.log.filter { if case .fragmentTimeout = $0.event { true } else { false } }
    #expect(timeouts.first?.at == 14)
    #expect(worker.outputs.map(\.segment).sorted() == Array(0..<7), "every segment is put out exactly once")
  }

  @Test func `a result that comes too late is acknowledged and nothing else`() {
    var worker = WorkerHarness.ready()
    worker.advance(to: 6)
    worker.cut()
    worker.advance(to: 15)
    worker.answer("f0")
    #expect(worker.machine.counters.processed.isEmpty)
    #expect(worker.acks == [STSFragmentAck(fragmentID: "f0", status: "received")])
    #expect(worker.outputs.count == 1)
  }

  @Test func `the in flight limit makes segments wait until their output deadline`() {
    var rules = WorkerRules()
    rules.maxInflight = 1
    rules.fragmentTimeoutMilliseconds = 20_000
    var worker = WorkerHarness.ready(rules: rules)
    worker.cut()
    worker.cut()
    #expect(worker.sent.count == 1)
    #expect(worker.machine.waiting.count == 1)
    worker.advance(to: 5)
    worker.answer("f0")
    #expect(worker.sent.map(\.at) == [0, 5])
    worker.cut()
    worker.advance(to: 20.9)
    #expect(worker.fallbacks.isEmpty)
    worker.advance(to: 21)
    #expect(worker.fallbacks == [.timeout], "the output of the segment in flight cannot wait longer")
    #expect(worker.machine.inflight.count == 1)
    worker.advance(to: 25)
    #expect(worker.sent.map(\.at) == [0, 5, 25], "the fragment's timeout makes room")
    worker.advance(to: 26)
    #expect(worker.fallbacks == [.timeout, .timeout])
    #expect(worker.outputs.map(\.segment) == [0, 1, 2])
  }

  @Test func `the service may lower the limit`() {
    var worker = WorkerHarness()
    worker.apply(.start)
    worker.apply(.connected)
    worker.open(maxInflight: 2)
    for _ in 0..<3 { worker.cut() }
    #expect(worker.sent.count == 2)
  }

  @Test func `pause holds everything until none`() {
    var worker = WorkerHarness.ready()
    worker.backpressure(.high, .pause)
    worker.cut()
    worker.advance(to: 3)
    worker.backpressure(.medium, .slowDown)
    worker.advance(to: 6)
    #expect(worker.sent.isEmpty, "slow_down does not lift a pause")
    worker.backpressure(.low, .none)
    #expect(worker.sent.map(\.at) == [6])
    #expect(worker.machine.counters.backpressure == [.pause: 1, .slowDown: 1, .none: 1])
  }

  @Test func `a pause that lasts too long falls back by timeout`() {
    var worker = WorkerHarness.ready()
    worker.backpressure(.high, .pause)
    worker.cut()
    worker.advance(to: 9)
    #expect(worker.fallbacks == [.timeout])
    #expect(worker.machine.waiting.isEmpty)
  }

  @Test(arguments: [
    (BackpressureSeverity.low, nil, 0.1), (.medium, nil, 0.5), (.high, nil, 1.0), (.low, 250.0, 0.25), (.high, 40.0, 0.04),
  ])
  func `slow down delays each send`(severity: BackpressureSeverity, recommended: Double?, expected: Double) {
    var worker = WorkerHarness.ready()
    worker.backpressure(severity, .slowDown, delay: recommended)
    worker.cut()
    #expect(worker.sent.isEmpty)
    worker.advance(to: 5)
    #expect(worker.sent.map(\.at) == [expected])
    worker.cut()
    worker.advance(to: 10)
    #expect(worker.sent.count == 2)
    #expect(worker.sent.last?.at == 5 + expected)
  }

  @Test func `an error event about a fragment ends it`() {
    var worker = WorkerHarness.ready()
    worker.cut()
    worker.apply(
      .message(
        .error(STSErrorMessage(fragmentID: "f0", code: "QUEUE_FULL", message: "full", severity: .warning, retryable: true))))
    #expect(worker.machine.inflight.isEmpty)
    #expect(worker.fallbacks == [.error])
    #expect(worker.machine.breaker.consecutiveFailures == 1)
  }

  @Test func `a refused stream ends the worker with a status`() {
    var worker = WorkerHarness()
    worker.apply(.start)
    worker.apply(.connected)
    worker.apply(.message(.error(STSErrorMessage(code: "INVALID_CONFIG", message: "no", severity: .error, retryable: false))))
    #expect(worker.exit?.status == 1)
    #expect(worker.disconnects == 1)
  }

  @Test func `stopping falls back and exits with zero`() {
    var worker = WorkerHarness.ready()
    worker.cut()
    worker.apply(.stop)
    #expect(worker.fallbacks == [.error])
    #expect(worker.ended == 1)
    #expect(worker.exit?.status == 0)
  }
}
