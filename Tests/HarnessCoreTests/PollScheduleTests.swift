import Events
import Testing

@testable import HarnessCore

@Suite struct PollScheduleTests {
  private func at(_ seconds: Double) -> RunInstant { RunInstant(seconds: seconds) }

  @Test func `stays on the grid without drift`() {
    var schedule = PollSchedule(interval: 1)
    var due = schedule.succeeded(startedAt: at(5.25), now: at(5.3))
    for round in 1..<1000 {
      #expect(abs(due.seconds - (5.25 + Double(round))) < 1e-6)
      // Each read begins a little late and takes a while.
      due = schedule.succeeded(startedAt: due.advanced(bySeconds: 0.01), now: due.advanced(bySeconds: 0.3))
    }
  }

  @Test func `skips what a stall missed`() {
    var schedule = PollSchedule(interval: 1)
    #expect(schedule.succeeded(startedAt: at(0), now: at(0.1)) == at(1))
    #expect(schedule.succeeded(startedAt: at(1), now: at(10.5)) == at(11))
    #expect(schedule.succeeded(startedAt: at(11), now: at(12)) == at(13))
  }

  @Test(arguments: [(0.5, [1.0, 2, 4, 5, 5, 5]), (0, [0.8, 1.6, 3.2, 4, 4, 4]), (1, [1.2, 2.4, 4.8, 6, 6, 6])] as [(Double, [Double])])
  func `backs off with jitter`(random: Double, expected: [Double]) {
    var schedule = PollSchedule(interval: 1, longestBackoff: 5, jitter: 0.2)
    for (index, distance) in expected.enumerated() {
      let next = schedule.failed(now: at(100), random: random)
      #expect(abs(next.seconds - 100 - distance) < 1e-6)
      #expect(schedule.consecutiveFailures == index + 1)
    }
    #expect(schedule.succeeded(startedAt: at(200.5), now: at(200.6)) == at(201.5))
    #expect(schedule.consecutiveFailures == 0)
    #expect(abs(schedule.failed(now: at(300), random: 0.5).seconds - 301) < 1e-6)
  }

  @Test(arguments: [(Double.nan, 1.0), (-1, 0.05), (0, 0.05), (.infinity, 1), (30, 30)])
  func `takes only sensible intervals`(interval: Double, expected: Double) {
    let schedule = PollSchedule(interval: interval)
    #expect(schedule.interval == expected)
    #expect(schedule.longestBackoff >= schedule.interval)
  }

  @Test func `counts failures without overflow`() {
    var schedule = PollSchedule(interval: 1)
    for _ in 0..<200 { #expect(schedule.failed(now: at(0), random: .nan).seconds <= 6) }
  }
}
