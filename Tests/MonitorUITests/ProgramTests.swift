import CanvasSupport
import Events
import Judging
import MonitorUI
import RunModel
import Synchronization
import TerminalCanvas
import Testing

/// A run that takes in what the test sends, and ends when the test says so.
actor ScriptedFeed: RunFeed {
  private var fold = RunFold(looksBack: true)
  private var isEnded = false
  private var waiting: [CheckedContinuation<Void, Never>] = []
  /// How often the screen took the state.
  private(set) var looks = 0
  /// How often the screen asked how far the run has come.
  private(set) var asks = 0

  func send(_ events: [EventEnvelope]) {
    for event in events { fold.take(event) }
    wake()
  }

  func end() {
    isEnded = true
    wake()
  }

  private func wake() {
    for continuation in waiting { continuation.resume() }
    waiting.removeAll()
  }

  func progress(after revision: UInt64) async -> RunProgress? {
    asks += 1
    while fold.state.eventCount <= revision {
      guard !isEnded else { return nil }
      await withTaskCancellationHandler {
        await withCheckedContinuation { waiting.append($0) }
      } onCancel: {
        Task { await self.end() }
      }
    }
    return fold.state.progress
  }

  func moment() -> RunMoment {
    looks += 1
    return RunMoment(run: fold.state, progress: fold.state.progress, oldest: fold.oldest)
  }

  func state(at instant: RunInstant) -> RunState { fold.state(at: instant) }
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
  func saveFrame(_ canvas: Canvas, palette: FramePalette) async -> String {
    note("frame \(canvas.size)")
    return "saved somewhere"
  }
  func mark(_ text: String) async -> String? {
    note("mark \(text)")
    return "the note is too long"
  }
  func remember(_ choice: LayoutChoice) async -> String? {
    note("remember \(choice.preset)")
    return nil
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
      try await backend.waitForFrame(Self.shows("> RUNNING 00:58 / 01:30"))
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
    #expect(await backend.clipboard?.hasSuffix(" service echo-sts: health 503 \"simulated outage\"") == true)
  }

  @Test func `a frozen view stays while the run goes on`() async throws {
    _ = try await with { backend, feed, _ in
      let events = SampleRuns.everything().events
      let half = RunInstant(seconds: 30)
      await feed.send(events.filter { $0.instant <= half })
      try await backend.waitForFrame(Self.shows("RUNNING 00:28"))
      await backend.type(" ")
      try await backend.waitForFrame(Self.shows("PAUSED   -0 s"))
      await feed.send(events.filter { $0.instant > half })
      let frame = try await backend.waitForFrame(Self.shows("PAUSED  -30 s"))
      #expect(Self.shows("RUNNING 00:28")(frame))
      #expect(!Self.shows("simulated outage")(frame))
      await backend.feed(.key(.end))
      try await backend.waitForFrame(Self.shows("simulated outage"))
      await backend.type("q")
    }
  }

  /// Somebody looks at an earlier moment: rows that come meanwhile are of no interest before the next frame is due.
  @Test func `a frozen view does not wake for every row`() async throws {
    var options = Self.options
    options.restInterval = .seconds(3600)
    _ = try await with(options) { backend, feed, _ in
      await feed.send(SampleRuns.everything().events)
      try await backend.waitForFrame(Self.shows("> RUNNING"))
      await backend.type(" ")
      try await backend.waitForFrame(Self.shows("PAUSED"))
      let before = await feed.asks
      var script = Script()
      for second in 61...160 { script.told(Double(second), .mark("row \(second)")) }
      for event in script.events {
        await feed.send([event])
        for _ in 0..<20 { await Task.yield() }
      }
      #expect(await feed.asks <= before + 3, "it is heard once of what comes, and then when the next frame is due")
      // What was not heard of is there as soon as it is looked at.
      await backend.feed(.key(.end))
      try await backend.waitForFrame(Self.shows("row 160"))
      await backend.type("q")
    }
  }

  @Test func `nothing new is not presented`() async throws {
    _ = try await with { backend, feed, _ in
      await feed.send(SampleRuns.everything().events)
      try await backend.waitForFrame(Self.shows("> RUNNING 00:58"))
      let before = await backend.frameCount
      var script = Script()
      for _ in 0..<20 { script.tick(60) }
      await feed.send(script.events)
      await backend.type("?")
      try await backend.waitForFrame(Self.shows("Help"))
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

  @Test func `lost lines are said`() async throws {
    _ = try await with { backend, feed, _ in
      var script = SampleRuns.everything()
      script.told(60, .linesLost(LostLines(lines: 17)))
      await feed.send(script.events)
      try await backend.waitForFrame(Self.shows("17 lines lost"))
      await backend.type("q")
    }
  }

  @Test func `a key does not wait for the frame that events wait for`() async throws {
    var options = Self.options
    options.frameInterval = .seconds(3600)
    options.restInterval = .seconds(3600)
    _ = try await with(options) { backend, feed, _ in
      await feed.send(SampleRuns.everything().events)
      try await backend.waitForFrame { _ in true }
      await backend.type("?")
      try await backend.waitForFrame(Self.shows("Help"))
      await backend.feed(.key(.escape))
      try await backend.waitForFrame { !Self.shows("Help")($0) }
      await backend.type("q")
    }
  }

  @Test func `the state is taken only when a frame is drawn`() async throws {
    var options = Self.options
    options.frameInterval = .seconds(3600)
    options.restInterval = .seconds(3600)
    _ = try await with(options) { backend, feed, _ in
      for event in SampleRuns.everything().events { await feed.send([event]) }
      #expect(await feed.looks <= 2, "no frame is due before an hour is over")
      await backend.feed(.closed)
    }
  }
}
