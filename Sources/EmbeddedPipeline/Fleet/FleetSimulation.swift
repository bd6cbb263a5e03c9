import Events
import SpeechProtocol

/// What each worker of a fleet has counted by a moment: worked out, not remembered, so that a worker costs nothing between two scrapes. Pure.
struct FleetSimulation: Sendable {
  /// What a worker does.
  enum Part: Sendable, Hashable { case well, failing, silent }

  /// The worker's rules: a segment every six seconds, five failures open the breaker, which tries again after thirty.
  static let segmentSeconds = 6.0
  private static let failuresToOpen = 5
  private static let cooldownSeconds = 30.0
  /// How long it is half open while its one try is under way.
  private static let trySeconds = 3.0

  let configuration: FleetConfiguration
  let startedAt: WallTime

  /// What a worker does: the shares are spread evenly, the silent ones counted from the other end.
  func part(_ worker: Int) -> Part {
    func takes(_ index: Int, _ share: Double) -> Bool {
      (Double(index + 1) * share + 1e-9).rounded(.down) > (Double(index) * share + 1e-9).rounded(.down)
    }
    if takes(worker, configuration.failing) { return .failing }
    return takes(configuration.workers - 1 - worker, configuration.silent) ? .silent : .well
  }

  /// The page of a worker after so many seconds of pipeline time.
  func page(_ worker: Int, seconds: Double, usage: ProcessUsage) -> String {
    var counters = WorkerCounters()
    // Workers do not cut their segments at the same moment.
    let phase = Double(worker % 60) / 10
    let segments = max(0, Int((seconds + phase) / Self.segmentSeconds))
    counters.isStreamKnown = segments > 0
    counters.segments = segments
    counters.audioBytes = segments * 96_000
    counters.videoBytes = segments * 2_400_000
    var breaker = BreakerState.closed
    // What fell back because the breaker was open, counted by the time that it was: no counter may ever fall.
    var unsent = 0
    if part(worker) == .failing {
      let opened = Double(Self.failuresToOpen) * Self.segmentSeconds - phase
      let sinceOpened = seconds - opened
      if sinceOpened >= 0 {
        let round = Self.cooldownSeconds + Self.trySeconds
        let tries = Int(sinceOpened / round)
        let within = sinceOpened - Double(tries) * round
        breaker = within < Self.cooldownSeconds ? .open : .halfOpen
        counters.sent = Self.failuresToOpen + tries + (breaker == .halfOpen ? 1 : 0)
        counters.breakerFailures = Self.failuresToOpen + tries
        let perRound = Int(Self.cooldownSeconds / Self.segmentSeconds)
        unsent = tries * perRound + min(perRound, Int(within / Self.segmentSeconds))
      } else {
        counters.sent = segments
        counters.breakerFailures = segments
      }
      counters.processed = [.failed: counters.breakerFailures]
      counters.fallbacks = [.error: counters.breakerFailures, .circuitOpen: unsent]
      counters.errors = ["STS_MODEL_ERROR": counters.breakerFailures]
    } else {
      counters.sent = segments
      counters.processed = [.success: max(0, segments - 1)]
      counters.latency.observe(1.5, times: max(0, segments - 1))
    }
    counters.lastSyncMilliseconds = Double(worker % 7) * 5
    counters.sync.observe(Double(worker % 7) * 5, times: segments)
    let text = WorkerMetricsText(
      counters: counters, breaker: breaker, inflight: segments > 0 && breaker != .open ? 1 : 0, videoWaiting: 1, audioWaiting: 0,
      streamID: "stream-\(worker + 1)", startedAt: startedAt, created: [:], isInputRunning: true, isOutputRunning: true)
    return text.render(shape: configuration.shape, usage: usage)
  }
}
