import Events
import HarnessCore
import MediaSync
import ProcessGuard
import RunModel
import WireFormats

/// The embedded pipeline's publisher: finds or makes the test stream, publishes it, and can rest for a while.
actor EmbeddedPublisher: PublisherMeans.Publisher {
  /// What is published.
  struct Film: Sendable {
    var path: String
    var seconds: Double
  }

  private static let name: ServiceName = "publisher"
  private let configuration: PublisherConfiguration
  private let clock: any RunClock
  private let processGuard: ProcessGuard
  private let sink: any EventSink
  private var publisher: StreamPublisher?
  private var running: Task<Void, Never>?
  private var isPaused = false
  private var isOver = false

  init(_ film: Film, to target: PublishTarget, isOnce: Bool, clock: any RunClock, processGuard: ProcessGuard, sink: any EventSink) {
    // Killed from outside it comes back; played once it does not: that would be another run.
    let pause = max(2, 0.5 * clock.speed)
    configuration = PublisherConfiguration(
      file: film.path, target: target, play: isOnce ? .once : .looping, periodSeconds: film.seconds,
      restart: isOnce ? .never : .after(seconds: pause, attempts: 20))
    self.clock = clock
    self.processGuard = processGuard
    self.sink = sink
  }

  /// Begins to publish.
  func start() {
    guard !isOver, !isPaused, publisher == nil else { return }
    let publisher = StreamPublisher(Self.name, configuration: configuration, clock: clock, processGuard: processGuard)
    self.publisher = publisher
    let sink = sink
    running = Task { [weak self] in
      await publisher.run(into: sink)
      await self?.ended(publisher)
    }
  }

  /// Stops publishing until ``resume()``. Returns when it has stopped.
  func pause() async throws {
    guard !isOver else { throw FaultRefusal("the run ends") }
    guard !isPaused else { throw FaultRefusal("the publisher is stopped already") }
    guard let publisher else { throw FaultRefusal("the publisher does not run any more") }
    isPaused = true
    await publisher.stop()
  }

  /// Publishes again; harmless when it does.
  func resume() async {
    guard isPaused else { return }
    await running?.value
    isPaused = false
    start()
  }

  /// Ends publishing for good; returns when ffmpeg is gone.
  func end() async {
    isOver = true
    await publisher?.stop()
    await running?.value
  }

  private func ended(_ publisher: StreamPublisher) {
    if self.publisher === publisher { self.publisher = nil }
  }
}

extension EmbeddedPublisher {
  /// Why there is no film to publish.
  enum Obstacle: Error {
    /// What is missing can be done without: no stream then.
    case goesWithout(String)
    /// The user asked for what cannot be had.
    case refused(String)
  }

  /// Finds the test stream, or makes it.
  static func film(
    _ locator: FixtureLocator, processGuard: ProcessGuard, environment: [String: String], say: @Sendable (Finding) async -> Void
  ) async throws(Obstacle) -> Film {
    let place: FixtureLocator.Place
    do { place = try locator.find() } catch { throw .refused(error.description) }
    if Tools.find("ffmpeg", environment: environment) == nil {
      if case .given(let path) = place { throw .refused("\(path) cannot be published: ffmpeg is not installed, or not in PATH") }
      throw .goesWithout("ffmpeg is not installed, or not in PATH: \(consequence)")
    }
    switch place {
    case .ours(let path): return Film(path: path, seconds: MarkRhythm.standard.periodSeconds)
    case .given(let path): return try await measured(path, processGuard)
    case .nowhere(let reason): throw .goesWithout("\(reason). Until then \(consequence)")
    case .toBeMade(let path):
      let making = Finding(id: "fixture-made", text: "the test stream is made once, which takes about 20 s: \(path)")
      await say(making)
      var made = making
      made.holds = false
      do {
        try await locator.make(at: path, with: FixtureMaker(processGuard: processGuard))
      } catch {
        await say(made)
        throw .goesWithout("\(error.description). Until then \(consequence)")
      }
      await say(made)
      return Film(path: path, seconds: MarkRhythm.standard.periodSeconds)
    }
  }

  private static let consequence = "no stream is published, and segments are cut by the clock"

  private static func measured(_ path: String, _ processGuard: ProcessGuard) async throws(Obstacle) -> Film {
    do {
      let facts = try await FixtureProbe(processGuard: processGuard).measure(path).facts
      return Film(path: path, seconds: max(facts.videoSeconds ?? 0, facts.audioSeconds ?? 0, facts.durationSeconds))
    } catch {
      throw .refused(error.description)
    }
  }
}
