import Foundation
import TestSupport
import Testing

/// `watch` of the real binary over services that are stopped, killed, begun again, emptied and doubled: what is not known any more is said
/// in the frame.
@Suite(.serialized) struct ServicesInTroubleTests {
  /// A worker and its speech service on ports of their own.
  private struct Pair {
    let speech: Served
    let port: Int
    let log: Scratch
    var worker: ChildProgram

    init() async throws {
      speech = try await Served(["echo-sts", "--processing-delay", "100"], speed: 4)
      port = try Loopback.freePort()
      log = try Scratch()
      worker = try Self.worker(port, speech, log)
    }

    /// Another process in the worker's place.
    mutating func beginAgain() throws { worker = try Self.worker(port, speech, log) }

    private static func worker(_ port: Int, _ speech: Served, _ log: Scratch) throws -> ChildProgram {
      try ChildProgram(
        dubwatchPath,
        [
          "serve", "media-service", "--port", "\(port)", "--sts-url", "http://127.0.0.1:\(speech.port)", "--log-file", log.file("log"),
          "--speed", "4",
        ])
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var sources: String {
      "--health media-service=\(url)/health --metrics media-service=\(url)/metrics --logs media-service=\(shellQuoted(log.file("log")))"
    }
  }

  private static func watch(_ sources: String) throws -> TmuxSession {
    try TmuxSession("\(shellQuoted(dubwatchPath)) watch --interval 0.5 --contract spec-018 \(sources)", width: 160, height: 48)
  }

  @Test func `a worker that is stopped is not known, in every pane, until it goes on`() async throws {
    let pair = try await Pair()
    let terminal = try Self.watch(pair.sources)
    try await terminal.wait("a healthy worker") { $0.contains("● media-service healthy") && $0.contains("● CLOSED") }
    pair.worker.send(SIGSTOP)
    try await terminal.wait("that it is not known") { frame in
      frame.contains("not known for") && frame.contains("last CLO") && frame.contains("stale") && !frame.contains("● CLOSED")
        && !frame.contains("● NONE")
    }
    pair.worker.send(SIGCONT)
    try await terminal.wait("that it goes on") {
      $0.contains("● media-service healthy") && $0.contains("● CLOSED") && !$0.contains("stale")
    }
  }

  @Test func `a worker that is killed has nothing current, and its successor begins anew`() async throws {
    var pair = try await Pair()
    let terminal = try Self.watch(pair.sources)
    try await terminal.wait("a healthy worker") { $0.contains("● media-service healthy") && $0.contains("● CLOSED") }
    pair.worker.send(SIGKILL)
    try await terminal.wait("its end") { frame in
      frame.contains("media-service gives no answer: connection refused") && frame.contains("stale") && !frame.contains("● CLOSED")
    }
    try pair.beginAgain()
    try await terminal.wait("its successor") { frame in
      frame.contains("restarted") && frame.contains("● media-service healthy") && !frame.contains("gives no answer")
    }
  }

  @Test func `a page that turns empty, and a family that goes, are alarms, and their values are gone`() async throws {
    let folder = try Scratch()
    let family = "sts_fragments_sent_total"
    let names = try String(contentsOfFile: Checkout.fixture("media-service/metrics-during.txt"), encoding: .utf8)
    try folder.write("metrics.txt", names)
    let port = try Loopback.freePort()
    let server = try ChildProgram("python3", ["-m", "http.server", "\(port)", "--bind", "127.0.0.1", "--directory", folder.path])
    let terminal = try TmuxSession(
      "\(shellQuoted(dubwatchPath)) watch --interval 0.3 --contract media-service --metrics http://127.0.0.1:\(port)/metrics.txt",
      width: 160,
      height: 48)
    try await terminal.wait("what is sent") {
      $0.contains("fragments sent         8") || $0.range(of: "fragments sent +8", options: .regularExpression) != nil
    }
    // Written beside and renamed: nobody reads half of it.
    try folder.write("new", names.split(separator: "\n").filter { !$0.contains(family) }.joined(separator: "\n") + "\n")
    try folder.replace("metrics.txt", with: "new")
    try await terminal.wait("that the family is gone") { frame in
      frame.contains("no longer have fragments_sent") && frame.contains("no longer exposed")
        && (frame.contains("was 8") || frame.contains("last 8"))
    }
    try folder.write("new", "")
    try folder.replace("metrics.txt", with: "new")
    try await terminal.wait("that the page is empty") {
      $0.contains("series, and now the page is empty") && !$0.contains("● CLOSED")
    }
    try folder.write("new", names)
    try folder.replace("metrics.txt", with: "new")
    try await terminal.wait("that all is there again") {
      $0.contains("● CLOSED") && !$0.contains("no longer have") && !$0.contains("no longer exposed,")
        && !$0.contains("was 8")
    }
    withExtendedLifetime(server) {}
  }

  @Test func `two workers are shown one by one, each under its name`() async throws {
    let first = try await Pair()
    let second = try await Pair()
    let terminal = try Self.watch("\(first.sources) --health w2=\(second.url)/health --metrics w2=\(second.url)/metrics")
    try await terminal.wait("that there are two") { $0.contains("of media-service 1/2") && $0.contains("Breaker of media-service") }
    try terminal.press("i")
    try await terminal.wait("the other one") { $0.contains("of w2 2/2") && $0.contains("Breaker of w2") && $0.contains("● CLOSED") }
    second.worker.send(SIGSTOP)
    try await terminal.wait("that the other one is not known") { $0.contains("not known for") && $0.contains("last CLO") }
    try terminal.press("i")
    try await terminal.wait("the first one as it was") { $0.contains("Breaker of media-service") && $0.contains("● CLOSED") }
    second.worker.send(SIGCONT)
  }
}
