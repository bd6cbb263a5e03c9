import Contracts
import Events
import HarnessConfig
import Judging
import RuleSupport
import RunModel
import SpeechProtocol
import Testing

/// Two lines that tell of one thing are one event, with what either of them says; an answer that came too late is none.
@Suite struct SequelTests {
  private static func run() throws -> FakeRun {
    var run = FakeRun()
    run.contract = try #require(BuiltInContracts.all.first { $0.name == "media-service" })
    run.services = [.mediaService]
    run.seconds = 20
    return run
  }

  private static func say(_ at: Double, _ logger: String, _ level: String, _ text: String, in run: inout FakeRun) {
    run.lines.append(FakeRun.Line(at: at, text: "\(RealMetrics.stamp(run.wallStart + at)) - media_service.\(logger) - \(level) - \(text)"))
  }

  @Test func `the delay that the handler tells is not lost, and the message is counted once`() throws {
    var run = try Self.run()
    Self.say(5, "sts.socketio_client", "WARNING", "Backpressure: severity=medium, action=slow_down, inflight=2", in: &run)
    Self.say(5.001, "sts.backpressure_handler", "WARNING", "Backpressure slow_down: severity=medium, delay=700ms", in: &run)
    run.expectations = [1, 2].map { RunModel.Expectation(id: "\($0)", rule: .events(EventPattern(.backpressure), .atLeast, $0)) }
    let state = run.play()
    let entry = try #require(state.backpressure.entries.last?.event)
    #expect(state.backpressure.entries.count == 1)
    #expect(entry.recommendedDelayMilliseconds == 700 && entry.currentInflight == 2)
    let rows = state.rows.filter { $0.category == .backpressure }
    #expect(rows.count == 1 && rows.first?.text.contains("700") == true, "\(rows.map(\.text))")
    #expect(state.verdict.entries.map { $0.verdict.standing == .met } == [true, false])
  }

  @Test func `a fallback keeps the number that the second of its two lines tells`() throws {
    var run = try Self.run()
    Self.say(5, "sts.circuit_breaker", "INFO", "Circuit open: using fallback for segment 298c965e-0000-4000-8000-000000000010", in: &run)
    Self.say(5.001, "worker.worker_runner", "INFO", "Using fallback for segment 10", in: &run)
    let rows = run.play().rows.filter { $0.text.hasPrefix("fallback") }
    #expect(rows.map(\.text) == ["fallback 10 (circuit_open)"])
  }

  @Test func `an answer to a fragment whose time had run out is said to be late, and counts for nothing`() throws {
    var run = try Self.run()
    let id = "298c965e-0000-4000-8000-000000000010"
    Self.say(2, "sts.socketio_client", "INFO", "Fragment sent: id=\(id), seq=1, duration=6015ms", in: &run)
    Self.say(10, "sts.fragment_tracker", "WARNING", "Fragment timeout: id=\(id), elapsed=8000ms, timeout=8000ms", in: &run)
    Self.say(12, "sts.socketio_client", "INFO", "Fragment processed: id=\(id), status=success, processing_time=9000ms", in: &run)
    let state = run.play()
    #expect(state.fragments.counts[.processed] == nil && state.fragments.counts[.timedOut] == 1)
    #expect(state.rows.contains { $0.text == "answer to 298c965e came too late: its time had run out" })
    #expect(!state.rows.contains { $0.text.hasPrefix("processed") })
  }
}
