import HarnessModel
import MonitorUI
import Synchronization
import TerminalCanvas
import Testing

/// A feed that hands out what the test puts in, and ends when the test says so.
actor ScriptedFeed: EventFeed {
  private var batches: [EventBatch] = []
  private var isEnded = false
  private var waiting: CheckedContinuation<Void, Never>?

  func send(_ events: [EventEnvelope], dropped: Int = 0) {
    batches.append(EventBatch(events: events, dropped: dropped))
    wake()
  }

  func end() {
    isEnded = true
    wake()
  }

  private func wake() {
    waiting?.resume()
    waiting = nil
  }

  func nextBatch() async -> EventBatch? {
    while batches.isEmpty, !isEnded {
      await withTaskCancellationHandler {
        await withCheckedContinuation { waiting = $0 }
      } onCancel: {
        Task { await self.end() }
      }
    }
    return batches.isEmpty ? nil : batches.removeFirst()
  }
}

/// Remembers what it was asked for.
final class RecordingEffects: EffectHandler {
  private let asked = Mutex<[String]>([])
  var all: [String] { asked.withLock { $0 } }
  private func note(_ text: String) { asked.withLock { $0.append(text) } }

  func injectFault(id: String) async -> String? {
    note("fault \(id)")
    return nil
  }
  func saveFrame(_ canvas: Canvas) async -> String {
    note("frame \(canvas.size)")
    return "saved somewhere"
  }
  func mark(_ text: String) async -> String? {
    note("mark \(text)")
    return "the note is too long"
  }
  func quitRequested() async { note("quit") }
}

@Suite(.timeLimit(.minutes(1))) struct ProgramTests {
  private static let options = MonitorOptions(frameInterval: .zero, restInterval: .zero)

  /// Runs a program over a scripted feed and hands the test its terminal.
  private func with(
    _ options: MonitorOptions = Self.options, size: Size = Size(width: 120, height: 40), colors: TerminalCapabilities.Colors = .rgb,
    _ body: @Sendable (InMemoryBackend, ScriptedFeed, RecordingEffects) async throws -> Void
  ) async throws -> (MonitorExit, InMemoryBackend, RecordingEffects) {
    let backend = InMemoryBackend(
      size: size, capabilities: TerminalCapabilities(colors: colors, unicode: true, mouse: true, name: "memory"))
    let feed = ScriptedFeed()
    let effects = RecordingEffects()
    let program = MonitorProgram(backend: backend, options: options)
    async let exit = program.run(feed: feed, effects: effects)
    do { try await body(backend, feed, effects) } catch {
      await backend.feed(.closed)
      _ = try await exit
      throw error
    }
    return (try await exit, backend, effects)
  }

  private static func shows(_ text: String) -> @Sendable (Canvas) -> Bool {
    { canvas in canvas.rows().contains { $0.contains(text) } }
  }

  @Test func `shows a run and quits`() async throws {
    let (exit, backend, effects) = try await with { backend, feed, _ in
      await feed.send(SampleRuns.everything().events)
      try await backend.waitForFrame(Self.shows("> RUNNING 01:00 / 01:30"))
      await backend.type("q")
    }
    #expect(exit == .quit)
    #expect(exit.status == 0)
    #expect(effects.all == ["quit"])
    #expect(await !backend.isRunning, "the terminal is given back")
    #expect(await backend.capturesMouse)
  }

  @Test(arguments: [(TerminationSignal.hangup, Int32(129)), (.interrupt, 130), (.terminate, 143)])
  func `ends on signals`(_ signal: TerminationSignal, _ status: Int32) async throws {
    let (exit, backend, effects) = try await with { backend, _, _ in await backend.feed(.signal(signal)) }
    #expect(exit == .signal(signal))
    #expect(exit.status == status)
    #expect(effects.all.isEmpty)
    #expect(await !backend.isRunning)
  }

  @Test func `ends when the terminal goes`() async throws {
    let (exit, _, _) = try await with { backend, _, _ in await backend.feed(.closed) }
    #expect(exit == .terminalClosed)
  }

  @Test func `the last state stays after the end`() async throws {
    let (exit, _, _) = try await with { backend, feed, _ in
      await feed.send(SampleRuns.everything().events)
      await feed.end()
      try await backend.waitForFrame(Self.shows("ENDED no more events"))
      await backend.type("q")
    }
    #expect(exit == .quit)
  }

  @Test func `ends with the feed where asked for`() async throws {
    var options = Self.options
    options.exitAtEnd = true
    let (exit, backend, _) = try await with(options) { _, feed, _ in
      await feed.send(SampleRuns.everything().events)
      await feed.end()
    }
    #expect(exit == .feedEnded)
    #expect(await backend.frame?.rows().contains { $0.contains("12:01:00") } == true)
  }

  @Test func `asking before quitting only in its own environment`() async throws {
    var options = Self.options
    options.initial = MonitorState(ownsEnvironment: true)
    let (exit, _, effects) = try await with(options) { backend, feed, _ in
      await feed.send(SampleRuns.everything().events)
      try await backend.waitForFrame(Self.shows("> RUNNING"))
      await backend.type("q")
      try await backend.waitForFrame(Self.shows("the environment is running and ends with dubwatch"))
      await backend.type("n")
      try await backend.waitForFrame { !Self.shows("ends with dubwatch")($0) }
      await backend.type("qy")
    }
    #expect(exit == .quit)
    #expect(effects.all == ["quit"])
  }

  @Test func `resizing draws anew`() async throws {
    _ = try await with { backend, feed, _ in
      await feed.send(SampleRuns.everything().events)
      try await backend.waitForFrame(Self.shows("4 Breaker"))
      await backend.feed(.resize(Size(width: 40, height: 10)))
      try await backend.waitForFrame { $0.size == Size(width: 40, height: 10) && !Self.shows("4 Breaker")($0) }
      await backend.type("q")
    }
  }

  @Test func `keys become effects`() async throws {
    let (_, backend, effects) = try await with { backend, feed, effects in
      await feed.send(SampleRuns.everything().events)
      try await backend.waitForFrame(Self.shows("> RUNNING"))
      await backend.type("s")
      try await backend.waitForFrame(Self.shows("saved somewhere"))
      await backend.type("mhello")
      await backend.feed(.key(.enter))
      try await backend.waitForFrame(Self.shows("the note is too long"))
      await backend.type("f")
      try await backend.waitForFrame(Self.shows("Inject a fault"))
      await backend.feed(.key(.enter))
      try await backend.waitForFrame(Self.shows("injecting: Let the speech service fail"))
      await backend.type("M")
      try await backend.waitForFrame(Self.shows("mouse off"))
      await backend.feed(.key(.up))
      await backend.type("y")
      try await backend.waitForFrame(Self.shows("copied"))
      await backend.type("q")
    }
    #expect(effects.all.contains("frame 120x40"))
    #expect(effects.all.contains("mark hello"))
    #expect(effects.all.contains("fault sts-errors"))
    #expect(await !backend.capturesMouse)
    #expect(await backend.clipboard == "health 503 \"simulated outage\"")
  }

  @Test func `a frozen view stays while the run goes on`() async throws {
    _ = try await with { backend, feed, _ in
      let events = SampleRuns.everything().events
      let half = RunInstant(seconds: 30)
      await feed.send(events.filter { $0.instant <= half })
      try await backend.waitForFrame(Self.shows("RUNNING 00:30"))
      await backend.type(" ")
      try await backend.waitForFrame(Self.shows("PAUSED   -0 s"))
      await feed.send(events.filter { $0.instant > half })
      let frame = try await backend.waitForFrame(Self.shows("PAUSED  -30 s"))
      #expect(Self.shows("RUNNING 00:30")(frame))
      #expect(!Self.shows("simulated outage")(frame))
      await backend.feed(.key(.end))
      try await backend.waitForFrame(Self.shows("simulated outage"))
      await backend.type("q")
    }
  }

  @Test func `nothing new is not presented`() async throws {
    _ = try await with { backend, feed, _ in
      await feed.send(SampleRuns.everything().events)
      try await backend.waitForFrame(Self.shows("> RUNNING 01:00"))
      let before = await backend.frameCount
      var script = Script()
      for _ in 0..<20 { script.tick(60) }
      await feed.send(script.events)
      await backend.type("?")
      try await backend.waitForFrame(Self.shows("Keys"))
      #expect(await backend.frameCount <= before + 2, "ticks that change nothing cost no frame")
      await backend.feed(.key(.escape))
      await backend.type("q")
    }
  }

  @Test func `without colours the theme is none`() async throws {
    let (_, backend, _) = try await with(colors: .none) { backend, feed, _ in
      await feed.send(SampleRuns.everything().events)
      try await backend.waitForFrame(Self.shows("> RUNNING"))
      await backend.type("q")
    }
    let runs = await backend.frame?.styleRuns().joined() ?? ""
    #expect(!runs.isEmpty)
    for color in ["red", "green", "yellow", "cyan", "index", "#"] { #expect(!runs.contains(color)) }
  }

  @Test func `dropped events are said`() async throws {
    _ = try await with { backend, feed, _ in
      await feed.send(SampleRuns.everything().events, dropped: 17)
      try await backend.waitForFrame(Self.shows("17 events dropped"))
      await backend.type("q")
    }
  }
}
