import Foundation
import TestSupport
import Testing

/// The real binary in tmux: each demo shows what it is about. Pipeline time runs faster; what is asserted is what the screen says.
@Suite(.serialized) struct DemoTests {
  private func demo(_ name: String, speed: Int, width: Int = 160, height: Int = 48) throws -> TmuxSession {
    try TmuxSession("\(shellQuoted(dubwatchPath)) demo \(name) --speed \(speed)", width: width, height: height)
  }

  @Test func `the breaker demo opens after exactly five failures, half-opens inside its window and closes`() async throws {
    let terminal = try demo("circuit-breaker", speed: 10)
    try await terminal.wait("the breaker is open") { $0.contains("OPEN") && $0.contains("5/5") }
    try await terminal.wait("a cooldown that counts down") { $0.contains("earliest half-open in") }
    try await terminal.wait("half-open") { $0.contains("open → half-open") }
    let last = try await terminal.wait("closed again") { $0.contains("CLOSED") && $0.contains("half-open → closed") }
    #expect(!last.contains("disagree"))
  }

  @Test func `the reconnection demo attempts after 2, 4, 8, 16 and 32 seconds`() async throws {
    // Not faster: a handshake has seconds of pipeline time.
    let terminal = try demo("reconnection", speed: 5)
    let last = try await terminal.wait("a fresh session after the fifth attempt", seconds: 90) {
      $0.contains("seq 0 ✓") && $0.contains("planned  32 s")
    }
    for (attempt, delay) in [(1, "2"), (2, "4"), (3, "8"), (4, "16"), (5, "32")] {
      let row = try #require(last.split(separator: "\n").first { $0.contains("│ \(attempt) ") && $0.contains("planned") })
      #expect(row.contains(" \(delay) s  took"), "\(row)")
      #expect(row.contains("├") && row.contains(attempt == 5 ? "┤✓" : "✗"), "\(row)")
    }
  }

  @Test func `the backpressure demo pauses and drains`() async throws {
    let terminal = try demo("backpressure", speed: 10)
    try await terminal.wait("a pause") { $0.contains("pause") }
    try await terminal.wait("a pause that ended, with what followed", seconds: 90) { $0.contains("paused ") && $0.contains("drained") }
  }

  @Test func `the clean demo sends ten fragments and gets ten back`() async throws {
    let terminal = try demo("full-pipeline", speed: 20)
    // A busy machine lies behind: the demo's time may be over before all has come back.
    let last = try await terminal.wait("the end of the run, with ten of ten", seconds: 60) { frame in
      frame.contains("ENDED")
        && ["fragments sent", "processed"].allSatisfy { name in
          frame.split(separator: "\n").first { $0.contains(name) }?.contains(" 10 ") == true
        }
    }
    #expect(last.contains("0/3"))
  }

  @Test(arguments: [(160, 48), (120, 40), (80, 24), (60, 15), (40, 10)])
  func `no line is wider than the window and every pane that fits is there`(width: Int, height: Int) async throws {
    let terminal = try demo("everything", speed: 20, width: width, height: height)
    let frame = try await terminal.wait("a running demo") { $0.contains("RUNNING") && $0.contains("╭") || $0.contains("┏") }
    for line in frame.split(separator: "\n") { #expect(line.count <= width) }
  }

  @Test func `fifty resizes leave a whole screen`() async throws {
    let terminal = try demo("everything", speed: 5)
    try await terminal.wait("the first frame") { $0.contains("Services") }
    for step in 0..<50 { try terminal.resize(width: 40 + (step * 37) % 160, height: 8 + (step * 13) % 50) }
    try terminal.resize(width: 120, height: 40)
    let frame = try await terminal.wait("a whole screen") { $0.contains("8 Verdict") && $0.contains("1 Services") }
    #expect(frame.split(separator: "\n", omittingEmptySubsequences: false).count <= 41)
  }
}
