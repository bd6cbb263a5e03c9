import Synchronization
import TestSupport
import Testing

@testable import HarnessRun

@Suite struct ProgressLineTests {
  /// Lets seconds go by as they are handed out.
  private final class Seconds: Sendable {
    let written = Mutex<[String]>([])
    private let tokens: AsyncStream<Void>
    private let feed: AsyncStream<Void>.Continuation

    init() { (tokens, feed) = AsyncStream.makeStream() }

    func pass() { feed.yield() }
    func wait() async throws {
      for await _ in tokens { return }
      throw CancellationError()
    }
    var text: [String] { written.withLock { $0 } }
    func line(_ doing: String, isShown: Bool = true) -> ProgressLine {
      ProgressLine(doing, isShown: isShown, write: { text in self.written.withLock { $0.append(text) } }, sleep: { try await self.wait() })
    }
  }

  @Test func `work that lasts is told from the second second on, and its line goes`() async throws {
    let seconds = Seconds()
    let value = await seconds.line("making it").during {
      for _ in 0..<3 { seconds.pass() }
      _ = await eventually { seconds.text.count == 2 }
      return 7
    }
    #expect(value == 7)
    #expect(seconds.text == ["\rdubwatch: making it, 2 s", "\rdubwatch: making it, 3 s", "\r                        \r"])
  }

  @Test func `what fails takes its line along`() async throws {
    struct Failure: Error {}
    let seconds = Seconds()
    await #expect(throws: Failure.self) {
      try await seconds.line("x").during {
        for _ in 0..<2 { seconds.pass() }
        _ = await eventually { seconds.text.count == 1 }
        throw Failure()
      }
    }
    #expect(seconds.text.last == "\r                \r")
  }

  @Test func `quick work and a pipe see nothing of it`() async throws {
    let quick = Seconds()
    quick.pass()
    #expect(await quick.line("x").during { 1 } == 1)
    #expect(quick.text.isEmpty)
    let piped = Seconds()
    for _ in 0..<5 { piped.pass() }
    #expect(await piped.line("x", isShown: false).during { 1 } == 1)
    #expect(piped.text.isEmpty)
  }
}
