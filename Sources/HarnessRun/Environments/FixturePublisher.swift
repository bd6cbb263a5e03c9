import Events
import HarnessCore
import ProcessGuard
import RunModel
import WireFormats

/// Publishes the test stream, and can rest for a while.
actor FixturePublisher: PublisherMeans.Publisher {
  private static let name: ServiceName = "publisher"
  private let configuration: PublisherConfiguration
  private let clock: any RunClock
  private let processGuard: ProcessGuard
  private let sink: any EventSink
  private var publisher: StreamPublisher?
  private var running: Task<Void, Never>?
  private var isPaused = false
  private var isOver = false

  init(_ stream: TestStream, to target: PublishTarget, isOnce: Bool, clock: any RunClock, processGuard: ProcessGuard, sink: any EventSink) {
    // Killed from outside it comes back; played once it does not: that would be another run.
    let pause = max(2, 0.5 * clock.speed)
    configuration = PublisherConfiguration(
      file: stream.path, target: target, play: isOnce ? .once : .looping, periodSeconds: stream.seconds,
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
