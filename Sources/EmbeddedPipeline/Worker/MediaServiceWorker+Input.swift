import Events
import Synchronization
import WireFormats

/// Where the worker's input stands.
struct InputState {
  var task: Task<Void, Never>?
  /// The connection that is read.
  var reading: Task<MediaEnd, any Error>?
  /// Runs from the loss of the input until it counts as ended.
  var grace: Task<Void, Never>?
  var isOpen = false
  var openedAt = RunInstant.zero
  var lastBytes = RunInstant.zero
  /// Why the connection was given up from here.
  var stopReason: String?
  var isUnusableSaid = false
  /// Whether it was ever open.
  var hasBeenOpen = false
}

extension MediaServiceWorker {
  /// How long an input that stopped may take to come back before what is left of it is cut, in seconds.
  private static let graceSeconds = 2.0
  /// An input that gives nothing for this long is lost, in seconds; in real time never less than `stallRealSeconds`.
  private static let stallSeconds = 5.0
  /// Less is seen on a busy machine of an input that is well.
  private static let stallRealSeconds = 5.0
  /// How long a server may take until its first bytes, in seconds; in real time never less than `firstRealSeconds`.
  private static let firstSeconds = 10.0
  private static let firstRealSeconds = 5.0
  /// After this long an input without a picture to begin with is complained about, in seconds.
  private static let usableSeconds = 10.0

  /// Reads the input, again and again, until it is given up.
  func runInput(_ address: MediaAddress) async {
    var policy = InputPolicy(isAwaited: configuration.isInputAwaited)
    var lastReason: String?
    while !Task.isCancelled {
      let decision: InputPolicy.Decision
      do {
        let end = try await readOnce(address)
        guard !Task.isCancelled else { return }
        lastReason = nil
        inputStopped(end)
        decision = policy.lost()
      } catch {
        guard !Task.isCancelled else { return }
        let reason = MediaLinkError(error).description
        decision = policy.failed()
        if case .retry(let seconds) = decision, reason != lastReason {
          log(.inputUnreachable(reason: reason, retryInSeconds: seconds))
        }
        lastReason = reason
      }
      switch decision {
      case .retry(let seconds):
        // Not more often than 20 times a second of real time, whatever the speed.
        do { try await clock.sleep(seconds: max(seconds, 0.05 * clock.speed)) } catch { return }
      case .giveUp(let tries):
        complain("startup_failure")
        let reason = "the input \(address.shown) was not there in \(tries) tries: \(lastReason ?? "no answer")"
        note(LogEntry(.critical, reason, logger: "media_service.pipeline.input"))
        Task { await self.end(ServiceExit(status: 1, reason: reason)) }
        return
      }
    }
  }

  private func readOnce(_ address: MediaAddress) async throws -> MediaEnd {
    // Three seconds of pipeline time, but never less than a real connection on a busy machine may need.
    let timeout = Duration.milliseconds(Int(max(3 / clock.speed, 1.5) * 1000))
    let (first, processGuard, shown) = (FirstCall(), processGuard, address.shown)
    let suffix = configuration.readsInputFromStart && !input.hasBeenOpen ? "?from=start" : ""
    let deliver: @Sendable ([UInt8]) async -> Void = { [weak self] bytes in
      await self?.receive(bytes, isFirst: first.take(), from: shown)
    }
    let reading = Task {
      switch address.transport {
      case .http(let host, let port, let target):
        try await HTTPStreamReader(host: host, port: port, target: target + suffix, timeout: timeout).read(deliver: deliver)
      case .ffmpeg(let format):
        try await FFmpegStream(address: address, format: format, processGuard: processGuard).read(deliver: deliver)
      }
    }
    input.reading = reading
    input.stopReason = nil
    let limit = max(Self.firstSeconds, Self.firstRealSeconds * clock.speed)
    let watch = Task { [weak self, clock] in
      try await clock.sleep(seconds: limit)
      await self?.giveUpSilent(after: limit)
    }
    defer {
      watch.cancel()
      input.reading = nil
    }
    do {
      let end = try await withTaskCancellationHandler {
        try await reading.value
      } onCancel: {
        reading.cancel()
      }
      return input.stopReason.map { .lost($0) } ?? end
    } catch {
      throw input.stopReason.map { MediaLinkError($0) } ?? MediaLinkError(error)
    }
  }

  private func giveUpSilent(after seconds: Double) {
    guard !Task.isCancelled, !input.isOpen else { return }
    stopReading("the server sent nothing for \(LogText.shortest(seconds.rounded())) s")
  }

  private func stopReading(_ reason: String) {
    input.stopReason = reason
    input.reading?.cancel()
  }

  private func receive(_ bytes: [UInt8], isFirst: Bool, from shown: String) async {
    guard !Task.isCancelled, plane != nil else { return }
    if isFirst { inputOpened(shown) }
    input.lastBytes = clock.now()
    while plane?.isFull(at: clock.now()) == true {
      do { try await clock.sleep(seconds: 0.1) } catch { return }
      input.lastBytes = clock.now()
    }
    guard var plane else { return }
    self.plane = nil
    let events = plane.receive(bytes, at: clock.now())
    self.plane = plane
    handle(events)
    complainAboutUnusable(at: clock.now())
  }

  private func complainAboutUnusable(at now: RunInstant) {
    guard !input.isUnusableSaid, plane?.hasBegun == false, now.seconds(since: input.openedAt) > Self.usableSeconds else { return }
    input.isUnusableSaid = true
    complain("video_processing")
    log(.inputUnusable(reason: "no video picture to begin with came in \(LogText.shortest(Self.usableSeconds)) s"))
  }

  private func inputOpened(_ shown: String) {
    input.grace?.cancel()
    input.grace = nil
    input.isOpen = true
    input.hasBeenOpen = true
    input.openedAt = clock.now()
    input.isUnusableSaid = false
    plane?.inputOpened()
    log(.inputConnected(url: shown))
    apply(.inputResumed)
  }

  /// The connection is over. Unless the input comes back soon, what is left is cut; one that ended well ends the session too.
  private func inputStopped(_ end: MediaEnd) {
    input.isOpen = false
    switch end {
    case .finished: log(.inputEnded)
    case .lost(let reason):
      complain("run_loop")
      log(.inputLost(reason: reason))
    }
    input.grace?.cancel()
    input.grace = Task { [weak self, clock] in
      do { try await clock.sleep(seconds: Self.graceSeconds) } catch { return }
      await self?.cutRest(end)
    }
  }

  private func cutRest(_ end: MediaEnd) {
    guard !Task.isCancelled, !input.isOpen, var plane else { return }
    self.plane = nil
    let events = plane.inputEnded(at: clock.now())
    self.plane = plane
    handle(events)
    if end == .finished { apply(.endOfInput) }
  }

  /// Gives up a connection that is open and gives nothing.
  func watchInput(at now: RunInstant) {
    guard input.isOpen, input.reading != nil, input.stopReason == nil else { return }
    let limit = max(Self.stallSeconds, Self.stallRealSeconds * clock.speed)
    let silence = now.seconds(since: input.lastBytes)
    if silence > limit { stopReading("nothing came for \(NumberText.fixed(silence, 1)) s") }
  }
}

/// True once.
private final class FirstCall: Sendable {
  private let isTaken = Mutex(false)
  func take() -> Bool {
    isTaken.withLock { taken in
      defer { taken = true }
      return !taken
    }
  }
}
