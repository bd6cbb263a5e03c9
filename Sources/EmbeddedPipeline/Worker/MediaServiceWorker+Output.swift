import Events

/// Where the worker's output stands.
struct OutputState {
  var task: Task<Void, Never>?
  var pacer: Task<Void, Never>?
  /// The connection that is written.
  var writing: Task<Void, any Error>?
  /// Takes what is put out; nil while there is no connection.
  var feed: AsyncStream<[UInt8]>.Continuation?
  /// There is, or soon will be, something to put out.
  var isWanted = false
  /// A connection for what is wanted could not be had, or was lost.
  var hasFailed = false
  /// Since when what is due waits for the connection; nil while it does not.
  var heldSince: ContinuousClock.Instant?
  var lastUse = RunInstant.zero
  /// Ends a shift of the audio that was asked for a time.
  var shiftEnd: Task<Void, Never>?
  var isTooSlow = false
}

extension MediaServiceWorker {
  /// Pieces that wait for a slow receiver: about 10 s of real time. Beyond, the connection is given up; the worker never waits for it.
  private static let heldPieces = 512
  /// Delays before a lost output is tried again, in seconds; the last one stays.
  private static let retryDelays = [1.0, 2, 4, 8]
  /// How long an output stays open when nothing is left to put out, in seconds; never less than a second of real time.
  private static let idleSeconds = 5.0
  /// Real time that a connection is given before it is needed, in seconds.
  private static let leadRealSeconds = 1.0
  /// Real time that what is due waits for a connection that is being made.
  private static let longestHold = Duration.seconds(2)

  /// Writes the output, again and again, until cancelled.
  func runOutput(_ address: MediaAddress) async {
    var failures = 0
    while !Task.isCancelled {
      guard output.isWanted else {
        if hasEnded { return }
        try? await Task.sleep(for: .milliseconds(20))
        continue
      }
      do {
        try await writeOnce(address)
        failures = 0
        outputClosed()
        output.hasFailed = true
        log(.outputClosed)
      } catch {
        if output.feed != nil { failures = 0 }
        outputClosed()
        output.hasFailed = true
        guard !Task.isCancelled, !hasEnded else { return }
        let delay = Self.retryDelays[min(failures, Self.retryDelays.count - 1)]
        failures += 1
        complain("output")
        let reason = output.isTooSlow ? "the receiver is too slow" : MediaLinkError(error).description
        output.isTooSlow = false
        log(.outputLost(reason: reason, retryInSeconds: delay))
        do { try await clock.sleep(seconds: max(delay, 0.1 * clock.speed)) } catch { return }
      }
    }
  }

  private func writeOnce(_ address: MediaAddress) async throws {
    let timeout = Duration.milliseconds(Int(max(3 / clock.speed, 1.5) * 1000))
    let (pieces, feed) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingOldest(Self.heldPieces))
    let (processGuard, shown) = (processGuard, address.shown)
    let opened: @Sendable () async -> Void = { [weak self] in await self?.outputOpened(feed, to: shown) }
    let writing = Task {
      switch address.transport {
      case .http(let host, let port, let target):
        try await HTTPStreamWriter(host: host, port: port, target: target, timeout: timeout).write(pieces, opened: opened)
      case .ffmpeg(let format):
        try await FFmpegStream(address: address, format: format, processGuard: processGuard).write(pieces, opened: opened)
      }
    }
    output.writing = writing
    defer {
      output.writing = nil
      feed.finish()
    }
    try await withTaskCancellationHandler {
      try await writing.value
    } onCancel: {
      writing.cancel()
    }
  }

  private func outputOpened(_ feed: AsyncStream<[UInt8]>.Continuation, to shown: String) {
    guard !Task.isCancelled else { return feed.finish() }
    output.feed = feed
    plane?.outputOpened()
    log(.outputConnected(url: shown))
  }

  private func outputClosed() { output.feed = nil }

  /// Gives a piece to the output.
  func send(_ bytes: [UInt8]) {
    guard let feed = output.feed else { return }
    switch feed.yield(bytes) {
    case .enqueued: break
    case .dropped:
      output.isTooSlow = true
      output.feed = nil
      output.writing?.cancel()
    case .terminated: output.feed = nil
    @unknown default: break
    }
  }

  /// Whether what is due has to wait: its connection is being made for the first time, which takes longer on a busy machine. Put out
  /// without one, the output's first second would be lost.
  func holdsOutput(at now: RunInstant) -> Bool {
    guard output.isWanted, output.feed == nil, !output.hasFailed, let due = plane?.queue.firstDue, due <= now else {
      output.heldSince = nil
      return false
    }
    let since = output.heldSince ?? .now
    output.heldSince = since
    return ContinuousClock.now - since < Self.longestHold
  }

  /// The output is connected shortly before the first of what waits leaves, and closed when nothing has left for a while.
  func openOrCloseOutput(at now: RunInstant) {
    guard let plane else { return }
    if let due = plane.queue.firstDue {
      output.lastUse = now
      if !output.isWanted, due.seconds(since: now) < max(1, Self.leadRealSeconds * clock.speed) {
        output.isWanted = true
        output.hasFailed = false
      }
      return
    }
    guard output.isWanted, now.seconds(since: output.lastUse) > max(Self.idleSeconds, clock.speed) else { return }
    output.isWanted = false
    output.feed?.finish()
    output.feed = nil
  }
}
