import Events
import MediaSync
import ProcessGuard
import RunModel
import WireFormats

/// Publishes a media file with ffmpeg, at the speed of the run's clock, as long as it runs: its progress are samples; what becomes of it
/// are happenings.
package actor StreamPublisher: EventSource {
  /// Who it is: a publisher, by its name.
  package nonisolated let id: SourceID
  /// What has sent more than this many media seconds did work: its failure is the first in a row.
  private static let provedSeconds = 5.0
  private let configuration: PublisherConfiguration
  private let clock: any RunClock
  private let processGuard: ProcessGuard

  private var child: GuardedProcess?
  private var pause: Task<Void, any Error>?
  private var isStopping = false
  private var isRunning = false
  private var waiters: [CheckedContinuation<Void, Never>] = []
  private var attempt = FFmpegRun()

  /// A publisher that has not begun.
  package init(_ name: ServiceName, configuration: PublisherConfiguration, clock: any RunClock, processGuard: ProcessGuard) {
    id = SourceID(.publisher, name)
    self.configuration = configuration
    self.clock = clock
    self.processGuard = processGuard
  }

  /// Publishes until the file ends (played once), until it failed for good, or until ``stop()`` or cancellation. When it returns, ffmpeg is
  /// gone. One run at a time; after it another one may follow.
  package func run(into sink: any EventSink) async {
    guard !isRunning else { return }
    isRunning = true
    isStopping = false
    await withTaskCancellationHandler {
      await publish(into: sink)
    } onCancel: {
      Task { await self.askToStop() }
    }
    isRunning = false
    for waiter in waiters { waiter.resume() }
    waiters = []
  }

  /// Ends publishing: TERM, up to `grace` seconds, KILL; returns when ffmpeg is gone. Not cut short by cancellation.
  package func stop() async {
    guard isRunning else { return }
    askToStop()
    await withCheckedContinuation { waiters.append($0) }
  }

  private func askToStop() {
    guard isRunning, !isStopping else { return }
    isStopping = true
    pause?.cancel()
    guard let child else { return }
    let grace = configuration.grace
    Task { await child.terminate(grace: grace) }
  }

  private func publish(into sink: any EventSink) async {
    var failures = 0
    while !isStopping, !Task.isCancelled {
      guard let failure = await attemptOnce(into: sink) else { return }
      await say(.failed(reason: failure), sink)
      failures = attempt.progress.mediaSeconds > Self.provedSeconds ? 1 : failures + 1
      guard case .after(let seconds, let attempts) = configuration.restart, failures <= attempts, !isStopping else { return }
      let clock = clock
      let pause = Task { try await clock.sleep(seconds: max(0.1, seconds)) }
      self.pause = pause
      _ = try? await pause.value
      self.pause = nil
    }
    await say(.stopped, sink)
  }

  /// Runs ffmpeg to its end. Nil when that end was asked for or is the file's, and said; else why it failed.
  private func attemptOnce(into sink: any EventSink) async -> String? {
    attempt = FFmpegRun()
    // ffmpeg sends even what stays on this machine through a proxy, where one is set.
    let environment: [String: String?] = configuration.target.isLoopback ? ["http_proxy": nil] : [:]
    let request = ChildRequest(configuration.ffmpeg, configuration.arguments(speed: clock.speed), environment: environment)
    let child: GuardedProcess
    do {
      child = try await processGuard.start(request) { [weak self] channel, bytes in await self?.take(bytes, channel, sink) }
    } catch {
      if isStopping { return await ended(.stopped, sink) }
      return error.advisingFFmpeg.description
    }
    self.child = child
    // Asked for while it was being started.
    if isStopping || Task.isCancelled {
      isStopping = true
      await child.terminate(grace: configuration.grace)
    }
    let watchdog = Task { [weak self, stallSeconds = configuration.stallSeconds] in
      while true {
        try await Task.sleep(for: .seconds(max(0.1, min(1, stallSeconds / 4))))
        guard let self, await !self.endIfStuck(child, after: stallSeconds) else { return }
      }
    }
    let exit = await child.waitForExit()
    watchdog.cancel()
    self.child = nil
    finishLines()
    if isStopping { return await ended(.stopped, sink) }
    if exit == .exited(0), !attempt.isStuck, configuration.play == .once {
      return await ended(.finished(mediaSeconds: attempt.progress.mediaSeconds), sink)
    }
    return attempt.reason(exit, stallSeconds: configuration.stallSeconds)
  }

  private func ended(_ how: PublisherHappening, _ sink: any EventSink) async -> String? {
    await say(how, sink)
    return nil
  }

  /// Ends an ffmpeg that neither connects nor sends; whether it did.
  private func endIfStuck(_ child: GuardedProcess, after seconds: Double) async -> Bool {
    guard ContinuousClock.now - attempt.movedAt > .seconds(seconds) else { return false }
    attempt.isStuck = true
    await child.terminate(grace: 1)
    return true
  }

  private func take(_ bytes: [UInt8], _ channel: GuardedProcess.Channel, _ sink: any EventSink) async {
    var lines: [String] = []
    switch channel {
    case .standardError:
      attempt.errors.append(bytes, to: &lines)
      for line in lines { attempt.log.note(line) }
    case .standardOutput:
      attempt.output.append(bytes, to: &lines)
      for line in lines {
        guard let sample = attempt.read(line, now: ContinuousClock.now) else { continue }
        if attempt.hasJustBegun() { await say(.started(target: configuration.target.description), sink) }
        await sink.emit(.sample(.publisher(sample)), from: id)
        if configuration.play == .looping, let count = attempt.newLoop(period: configuration.periodSeconds) {
          await say(.looped(count: count), sink)
        }
      }
    }
  }

  private func finishLines() {
    if let rest = attempt.errors.finish() { attempt.log.note(rest) }
  }

  private func say(_ what: PublisherHappening, _ sink: any EventSink) async {
    let happening = Happening(.publisher(what), service: id.service, provenance: .own, reportedAt: clock.wallNow())
    await sink.emit(.happening(happening), from: id)
  }
}

/// One ffmpeg, from its start to its end.
private struct FFmpegRun {
  var output = LineAssembler(limit: 4096)
  var errors = LineAssembler(limit: 4096)
  var log = FFmpegLog()
  var progress = ProgressReader()
  /// When media time moved last, or it was started.
  var movedAt = ContinuousClock.now
  var isStuck = false
  private var hasBegun = false
  private var loops = 0

  mutating func read(_ line: String, now: ContinuousClock.Instant) -> PublisherSample? {
    let before = progress.mediaSeconds
    guard let sample = progress.read(line) else { return nil }
    if progress.mediaSeconds > before { movedAt = now }
    return sample
  }

  /// Whether the newest sample is the first after something was sent: only then ffmpeg is connected.
  mutating func hasJustBegun() -> Bool {
    guard !hasBegun, progress.mediaSeconds > 0 else { return false }
    hasBegun = true
    return true
  }

  /// The number of the newest loop that has begun since it was asked before.
  mutating func newLoop(period: Double) -> Int? {
    guard period > 0 else { return nil }
    let count = progress.mediaSeconds / period
    guard count.isFinite, count < 1e15, Int(count) > loops else { return nil }
    loops = Int(count)
    return loops
  }

  func reason(_ exit: ChildExit, stallSeconds: Double) -> String {
    var text = isStuck ? "ffmpeg sent nothing for \(Int(stallSeconds.rounded())) s and was ended" : "ffmpeg \(exit)"
    if let complaint = log.complaint { text += ": " + complaint }
    return text
  }
}
