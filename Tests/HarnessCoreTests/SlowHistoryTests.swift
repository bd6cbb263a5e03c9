import Events
import Foundation
import ProcessGuard
import RunModel
import Synchronization
import TestSupport
import Testing

@testable import HarnessCore

/// A history that takes nothing until it is opened, as one that is busy.
private actor Gate: EventSink {
  private var isOpen = false
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private(set) var lines = 0
  private(set) var lost = 0
  private(set) var lags: [Int?] = []
  private(set) var lastLine = ""

  func open() {
    isOpen = true
    for continuation in waiting { continuation.resume() }
    waiting.removeAll()
  }

  func emit(_ event: RunEvent, from source: SourceID) async {
    if !isOpen, case .logLines = event { await withCheckedContinuation { waiting.append($0) } }
    switch event {
    case .logLines(let new):
      lines += new.count
      lastLine = new.last?.text ?? lastLine
    case .sourceStatus(let status): lags.append(status.unreadBytes)
    case .happening(let happening): if case .linesLost(let loss) = happening.kind { lost += loss.lines ?? 0 }
    default: break
    }
  }
}

@Suite(.timeLimit(.minutes(2))) struct SlowHistoryTests {
  @Test func `of a backlog the oldest go and are counted`() {
    var backlog = LineBacklog(byteLimit: 1000)
    backlog.append(contentsOf: (0..<100).map { "line \($0)" })
    let first = backlog.take(atMost: 4)
    #expect(first.lost > 80 && first.lines.count == 4)
    #expect(first.lines.first == "line \(first.lost)", "no line is lost between what was lost and what is told")
    let rest = backlog.take(atMost: 1000)
    #expect(rest.lost == 0 && first.lost + first.lines.count + rest.lines.count == 100 && rest.lines.last == "line 99")
    #expect(backlog.take(atMost: 10).lines.isEmpty)
    backlog.append(contentsOf: [String(repeating: "x", count: 5000)])
    #expect(backlog.take(atMost: 1).lines.count == 1, "one line is always kept")
  }

  @Test func `a command is not held up and what is lost is counted`() async throws {
    let gate = Gate()
    let processGuard = ProcessGuard(executable: nil)
    let marker = FileManager.default.temporaryDirectory.appendingPathComponent("dubwatch-printed-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: marker) }
    // 400,000 lines of 60 bytes: three times what waits.
    let command =
      "yes 0123456789012345678901234567890123456789012345678901234567 | head -n 400000; touch '\(marker.path)'; echo last; sleep 60"
    let follower = LogCommandFollower(
      service: "x", command: command, contract: nil, clock: realClock(), processGuard: processGuard)
    let running = Task { await follower.run(into: gate) }
    #expect(await eventually(within: 60) { FileManager.default.fileExists(atPath: marker.path) }, "the command was held up")
    await gate.open()
    #expect(await eventually(within: 60) { await gate.lastLine == "last" })
    let (lines, lost) = (await gate.lines, await gate.lost)
    #expect(lost > 0 && lines + lost == 400_001, "\(lines) told, \(lost) lost")
    running.cancel()
    await running.value
    await processGuard.shutdown(grace: 0.2)
  }

  @Test func `a file loses nothing and says that it lags`() async throws {
    let gate = Gate()
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("dubwatch-lag-\(UUID().uuidString).log")
    defer { try? FileManager.default.removeItem(at: path) }
    let count = 150_000
    let text = (0..<count).map { "line \($0) 0123456789012345678901234567890123456789012345678901234567\n" }.joined()
    try Data(text.utf8).write(to: path)
    let follower = LogFollower(service: "x", path: path.path, start: .beginning, contract: nil, clock: realClock(), interval: 0.01)
    let running = Task { await follower.run(into: gate) }
    await gate.open()
    #expect(await eventually(within: 60) { await gate.lines == count })
    #expect(await eventually(within: 10) { await gate.lags.last == .some(nil) })
    let lags = await gate.lags.compactMap { $0 }
    #expect(lags.first.map { $0 >= LogFollower.lagging } == true, "it said how far behind it was: \(lags)")
    running.cancel()
    await running.value
  }
}
