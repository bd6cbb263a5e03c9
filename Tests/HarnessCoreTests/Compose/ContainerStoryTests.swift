import Events
import Testing

@testable import HarnessCore

@Suite struct ContainerStoryTests {
  private func tell(_ events: [(String, Int32?)], hasRun: Bool = true) -> [ServiceLifecycle] {
    var story = ContainerStory()
    if hasRun { story.noteRunning("abcdefabcdef", hasRun: true) }
    return events.flatMap { action, number in
      story.happenings(
        of: ContainerEvent(
          action: action, container: "abcdefabcdef0123", service: "x", exitCode: action == "die" ? number : nil,
          signal: action == "kill" ? number : nil))
    }
  }

  @Test func `a kill and a start are an end with its signal and a restart`() {
    #expect(
      tell([("kill", 9), ("die", 137), ("start", nil)]) == [
        .exited(status: 137, reason: "killed by signal 9"),
        .restarted(evidence: "container started again after it was killed by signal 9"),
      ])
  }

  @Test func `a restart by hand is a stop and a restart`() {
    #expect(
      tell([("kill", 15), ("die", 0), ("stop", nil), ("start", nil), ("restart", nil)]) == [
        .stopped, .restarted(evidence: "container started again after it was stopped"),
      ])
  }

  @Test func `a stop that needed KILL is an end, not a stop`() {
    #expect(tell([("kill", 15), ("kill", 9), ("die", 137), ("stop", nil)]) == [.exited(status: 137, reason: "killed by signal 9")])
  }

  @Test func `a crash and memory are told with their reason`() {
    #expect(
      tell([("die", 3), ("start", nil)]) == [
        .exited(status: 3, reason: ""), .restarted(evidence: "container started again after it ended with status 3"),
      ])
    #expect(
      tell([("oom", nil), ("die", 137), ("start", nil)]) == [
        .exited(status: 137, reason: "the engine killed it: out of memory"),
        .restarted(evidence: "container started again after it ran out of memory"),
      ])
  }

  @Test func `the first start is a start, and after removal too`() {
    #expect(tell([("create", nil), ("start", nil)], hasRun: false) == [.started])
    #expect(tell([("die", 0), ("destroy", nil), ("start", nil)]) == [.exited(status: 0, reason: ""), .started])
  }

  @Test func `a signal that ends nothing is not blamed for a later end`() {
    #expect(tell([("kill", 1), ("die", 1)]) == [.exited(status: 1, reason: "killed by signal 1")])
    #expect(tell([("kill", 1), ("start", nil), ("die", 1)]).last == .exited(status: 1, reason: ""))
  }
}

@Suite struct LogStamperTests {
  private let lines = [
    "2026-11-23T00:00:01.000000001Z one", "2026-11-23T00:00:02.000000002Z two", "2026-11-23T00:00:02.000000001Z two, from the other stream",
    "2026-11-23T00:00:02.000000002Z two", "2026-11-23T00:00:03.000000000Z ",
  ]

  @Test func `what was read before is left out, line by line`() {
    var stamper = LogStamper()
    stamper.beginReading()
    #expect(stamper.since == nil)
    #expect(lines.compactMap { stamper.take($0).text } == ["one", "two", "two, from the other stream", "two", ""])
    #expect(stamper.since == "1795392001.000000000")
    stamper.beginReading()
    // The engine repeats what is not older than `since`, and a line that came late to the other stream is new.
    let again =
      Array(lines.dropFirst()) + ["2026-11-23T00:00:02.900000000Z late", "2026-11-23T00:00:02.000000002Z two", "2026-11-23T00:00:04Z four"]
    #expect(again.compactMap { stamper.take($0).text } == ["late", "two", "four"])
  }

  @Test func `a reading of its own repeats nothing`() {
    var stamper = LogStamper()
    stamper.beginReading()
    #expect(stamper.take(lines[0]).text == "one")
    #expect(stamper.take(lines[0]).text == "one")
    stamper.beginReading()
    #expect(stamper.take(lines[0]).text == nil)
    #expect(stamper.take(lines[0]).text == nil)
    #expect(stamper.take(lines[0]).text == "one")
  }

  @Test(arguments: ["Error response from daemon: No such container: x", "", "2026-11-23T00:00:01Zone", "2026-11-23 00:00:01 one"])
  func `words of the client are no lines`(line: String) {
    var stamper = LogStamper()
    let (text, isStamped) = stamper.take(line)
    #expect(text == nil && !isStamped)
  }

  @Test func `the pieces of a long line are joined without their times`() {
    var stamper = LogStamper()
    let piece = String(repeating: "x", count: 16 * 1024)
    let line = "2026-11-23T00:00:01.000000001Z \(piece)2026-11-23T00:00:01.000000002Z \(piece)2026-11-23T00:00:01.000000003Z end"
    #expect(stamper.take(line).text == piece + piece + "end")
    #expect(stamper.take("2026-11-23T00:00:02Z \(piece)yy").text == piece + "yy")
  }

  @Test func `memory stays bounded`() {
    var stamper = LogStamper()
    for second in 0..<60 {
      for index in 0..<1000 {
        let fraction = String(1_000_000 + index * 1000).dropFirst()
        _ = stamper.take("2026-11-23T00:00:\(second < 10 ? "0" : "")\(second).\(fraction)Z \(index)")
      }
    }
    #expect(stamper.recent.count < 10_000)
  }
}
