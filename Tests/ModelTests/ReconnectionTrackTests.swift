import Contracts
import Events
import RunModel
import Testing

@Suite struct ReconnectionTrackTests {
  private func attempt(_ number: Int, _ success: Bool?, planned: Double? = nil) -> Happening.Kind {
    .reconnectionAttempt(ReconnectionAttempt(attempt: number, plannedDelaySeconds: planned, success: success))
  }

  private func lost(_ attempts: [(Double, Bool)]) -> Script {
    var script = Script()
    script.told(100, .speechDisconnected(reason: "transport close"))
    for (index, entry) in attempts.enumerated() { script.told(entry.0, attempt(index + 1, entry.1)) }
    return script
  }

  @Test(arguments: [
    (102.0, 2.0, true), (102.39, 2.39, true), (101.61, 1.61, true), (102.41, 2.41, false), (101.59, 1.59, false), (110, 10, false),
  ]) func `the first gap is measured from the loss`(_ at: Double, _ measured: Double, _ isOnSchedule: Bool) throws {
    let entry = try #require(lost([(at, false)]).state().reconnection.current?.attempts.first)
    #expect(abs(entry.measuredSeconds - measured) < 1e-6)
    #expect(entry.isOnSchedule == isOnSchedule)
    #expect(entry.plannedSeconds == 2)
    #expect(!entry.isPlanTold)
  }

  @Test func `further gaps are measured from the attempt before`() throws {
    let episode = try #require(lost([(102, false), (106.04, false), (114, true)]).state().reconnection.current)
    #expect(episode.attempts.map(\.plannedSeconds) == [2, 4, 8])
    #expect(episode.attempts.map { ($0.measuredSeconds * 100).rounded() } == [200, 404, 796])
    #expect(episode.attempts.filter(\.isOnSchedule).count == 3)
    #expect(episode.attempts.map(\.success) == [false, false, true])
    #expect(episode.backAt == RunInstant(seconds: 114))
    let deviation = try #require(episode.attempts[1].deviation)
    #expect(abs(deviation - 0.01) < 1e-6)
  }

  @Test func `jitter is granted on top of the tolerance`() throws {
    var script = Script()
    script.describe(
      Contract(
        name: "media-service", summary: "",
        thresholds: Thresholds(backoff: BackoffSchedule(firstDelaySeconds: 1, jitterSeconds: 0.5, tolerance: 0.2))))
    script.told(100, .speechDisconnected(reason: nil))
    script.told(101.6, attempt(1, true))
    #expect(script.state().reconnection.current?.attempts.first?.isOnSchedule == true)
  }

  @Test func `the next attempt is counted down`() throws {
    let script = lost([(102, false)])
    let next = try #require(script.state().reconnection.nextAttempt(schedule: BackoffSchedule(), now: script.state().now))
    #expect(next.number == 2)
    #expect(next.due == RunInstant(seconds: 106))
    #expect(!next.isTold)
  }

  @Test func `an announcement counts more than the formula`() throws {
    var script = lost([(102, false)])
    script.told(102.1, .reconnectionPlanned(attempt: 2, delaySeconds: 3.5))
    let next = try #require(script.state().reconnection.nextAttempt(schedule: BackoffSchedule(), now: script.state().now))
    #expect(next.due == RunInstant(seconds: 105.6))
    #expect(next.isTold)
    script.told(105.6, attempt(2, true))
    let entry = try #require(script.state().reconnection.current?.attempts.last)
    #expect(entry.plannedSeconds == 3.5)
    #expect(entry.isPlanTold)
    #expect(script.state().reconnection.nextAttempt(schedule: BackoffSchedule(), now: script.state().now) == nil)
  }

  @Test func `after five attempts none is due`() {
    let script = lost([(102, false), (106, false), (114, false), (130, false), (162, false)])
    #expect(script.state().reconnection.nextAttempt(schedule: BackoffSchedule(), now: script.state().now) == nil)
  }

  /// Contract media-service tells of no attempt: by the schedule 2, 6, 14, 30 and 62 s after the loss.
  @Test(arguments: [(1.0, 1 as Int?), (3, 2), (10, 3), (29, 4), (61, 5), (66, 5), (68, nil), (200, nil)])
  func `attempts that nobody tells of go by the schedule to its end`(after: Double, number: Int?) {
    var script = Script()
    script.describe(Contract(name: "test", summary: ""))
    script.told(100, .speechDisconnected(reason: nil))
    script.tick(100 + after)
    let state = script.state()
    #expect(state.reconnection.nextAttempt(schedule: BackoffSchedule(), now: state.now)?.number == number)
    #expect(state.alarms.contains { $0.text.contains("5 attempts are over") } == (number == nil))
  }

  @Test func `giving up ends the episode`() {
    var script = lost([(102, false)])
    script.told(103, .reconnectionGaveUp(attempts: 5))
    let reconnection = script.state().reconnection
    #expect(reconnection.current?.isOpen == false)
    #expect(reconnection.nextAttempt(schedule: BackoffSchedule(), now: script.state().now) == nil)
  }

  @Test func `a fresh session begins at zero`() {
    var script = lost([(102, true)])
    script.told(102.5, .fragment(FragmentHappening(stage: .sent, sequenceNumber: 0)))
    script.told(108.5, .fragment(FragmentHappening(stage: .sent, sequenceNumber: 1)))
    #expect(script.state().reconnection.current?.firstSequenceNumber == 0)
  }

  @Test func `an attempt without a loss makes one`() throws {
    var script = Script()
    script.told(50, attempt(1, true))
    let episode = try #require(script.state().reconnection.current)
    #expect(episode.provenance == .inferred)
    #expect(episode.lostAt == RunInstant(seconds: 48))
  }

  @Test func `an attempt outside of the range is a finding`() {
    var script = lost([])
    script.told(101, attempt(6, false))
    #expect(script.state().findings["reconnection-attempt"]?.value.text == "reconnection attempt: is 6, but must be 1 to 5")
  }

  @Test func `a counter alone is inferred`() {
    var script = Script()
    script.signals(1, [.reconnections: .number(0)])
    script.signals(2, [.reconnections: .number(1)])
    script.tick(6)
    let episode = script.state().reconnection.current
    #expect(episode?.provenance == .inferred)
    #expect(episode?.isOpen == false)
  }
}
