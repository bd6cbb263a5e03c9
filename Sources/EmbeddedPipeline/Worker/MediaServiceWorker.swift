import Events
import ProcessGuard
import SocketIO
import SpeechProtocol
import WireFormats

/// The worker's stand-in: cuts its input into segments, sends their audio to the speech service over the real protocol, puts out what
/// comes back, and goes by the contract's rules. The rules live in `WorkerMachine`, the way of the media in `MediaPlane`; this actor
/// gives them sockets, timers and a log. Without an input, segments of silence are cut by the clock.
///
/// It runs from `start()` until `stop()`, a crash on demand, or until it gives up; its sockets are closed then, as a process's are.
package actor MediaServiceWorker {
  let configuration: MediaServiceConfiguration
  let clock: any RunClock
  let grid: SegmentGrid
  private let destination: LogDestination
  private let onLogLoss: LogLoss?
  private let latch = ExitLatch()
  private var server: HTTPService?
  private var log: LogWriter?
  private var exit: ServiceExit?
  private var cutter: Task<Void, Never>?
  var machine: WorkerMachine
  var timers = TimerSet<WorkerMachine.Timer>()
  var link: WorkerLink?
  /// Which connection is heard.
  var linkNumber = 0
  /// What was sent as which fragment, to compare what comes back.
  var sentFrames: [String: Segment] = [:]
  /// Audio that just came back, by segment.
  var returned: [Int: [[UInt8]]] = [:]
  /// The media; nil without an input.
  var plane: MediaPlane?
  private var mutator = SoundMutator()
  var input = InputState()
  var output = OutputState()
  let processGuard: ProcessGuard
  private var startedAt: WallTime
  private var created: [String: WallTime] = [:]

  /// A worker that is not running yet.
  /// - Parameters:
  ///   - processGuard: owns the ffmpeg children for RTMP and RTSP.
  ///   - onLogLoss: told in one sentence when lines of its log begin to be lost.
  package init(
    configuration: MediaServiceConfiguration, clock: any RunClock, log: LogDestination,
    processGuard: ProcessGuard = ProcessGuard(executable: nil), onLogLoss: LogLoss? = nil
  ) {
    self.onLogLoss = onLogLoss
    self.configuration = configuration
    self.clock = clock
    self.processGuard = processGuard
    destination = log
    grid = SegmentGrid(rules: configuration.rules)
    startedAt = clock.wallNow()
    machine = WorkerMachine(
      rules: configuration.rules, streamID: configuration.streamID, workerID: configuration.workerID,
      makeFragmentID: { _ in Identifiers.uuid() })
  }

  /// Serves `/health` and `/metrics` and begins to work.
  /// - Returns: the port.
  /// - Throws: a `Problem` when the log file or the port cannot be had, or the input or output is no address.
  @discardableResult
  package func start() async throws -> Int {
    let source = try configuration.inputURL.map { try MediaAddress($0, setting: "the input") }
    let target = try configuration.outputURL.map { try MediaAddress($0, setting: "the output") }
    let log = try LogWriter(destination, shape: configuration.shape, minimum: configuration.logLevel, clock: clock, onLoss: onLogLoss)
    self.log = log
    startedAt = clock.wallNow()
    var http = HTTPServiceConfiguration()
    http.access = HTTPAccess(allowedOrigins: configuration.allowedOrigins)
    let server = HTTPService(configuration: http) { [weak self] request in await self?.answer(request) ?? .text("gone", status: 503) }
    do {
      let port = try await server.start(host: configuration.host, port: configuration.port)
      self.server = server
      apply(.start)
      if let source { beginMedia(from: source, to: target) }
      if configuration.rules.mutation == .skewsAudio { setShift(skew: 200, drift: nil) }
      return port
    } catch {
      log.close()
      throw Problem(.endpoint, "media-service cannot listen on \(configuration.host):\(configuration.port): \(ListenFailure.words(error))")
    }
  }

  /// Stops; bounded in time.
  package func stop() async {
    apply(.stop)
    await end(ServiceExit(status: 0, reason: "stopped"))
  }

  /// Waits until the worker has ended; nil when the waiting task is cancelled.
  package func waitUntilExit() async -> ServiceExit? { await latch.wait() }

  /// Ends the worker as a process ends.
  func end(_ exit: ServiceExit) async {
    guard self.exit == nil else { return }
    self.exit = exit
    cutter?.cancel()
    timers.cancelAll()
    let link = link
    self.link = nil
    await link?.close(afterFlush: exit.status == 0)
    await endMedia(afterFlush: exit.status == 0)
    await server?.dropAllConnections()
    await server?.shutdown()
    server = nil
    log?.close()
    await latch.open(exit)
  }

  /// Hands an input to the machine and does what it says, without a pause in between.
  func apply(_ input: WorkerMachine.Input) {
    guard exit == nil else { return }
    let actions = machine.apply(input, at: clock.now())
    for action in actions { perform(action) }
    noteCreated()
    beginCutting()
  }

  private func perform(_ action: WorkerMachine.Action) {
    switch action {
    case .connect: connect()
    case .disconnect:
      let old = link
      link = nil
      Task { await old?.close(afterFlush: true) }
    case .sendInit(let message): link?.send(STSEventName.streamInit, message)
    case .sendFragment(let id, let sequence, let segment): sendFragment(id, sequence, segment)
    case .sendAck(let ack):
      sentFrames[ack.fragmentID] = nil
      var stamped = ack
      stamped.timestamp = nowMilliseconds
      link?.send(STSEventName.fragmentAck, stamped)
    case .sendEnd(let reference): link?.send(STSEventName.streamEnd, reference)
    case .setTimer(let timer, let seconds):
      timers.set(timer, seconds: seconds, clock: clock) { [weak self] timer, number in await self?.fire(timer, number) }
    case .cancelTimer(let timer): timers.cancel(timer)
    case .log(let event):
      let text = WorkerLogText(shape: configuration.shape, streamID: configuration.streamID, stsURL: configuration.stsURL)
      for entry in text.entries(for: event) { log?.write(entry) }
    case .output(let segment, let isDubbed):
      let dubbed = isDubbed ? returned[segment.index] : nil
      for decision in mutator.decisions(for: segment.index, dubbed: dubbed, by: configuration.rules.mutation) {
        plane?.decide(decision.index, dubbed: decision.dubbed)
      }
    case .exit(let status, let reason): Task { await self.end(ServiceExit(status: status, reason: reason)) }
    }
  }

  func note(_ entry: LogEntry) { log?.write(entry) }

  private func fire(_ timer: WorkerMachine.Timer, _ number: Int) {
    guard timers.claim(timer, number) else { return }
    apply(.timer(timer))
  }

  var nowMilliseconds: Double { (clock.wallNow().epochSeconds * 1000).rounded() }

  /// Segments begin when it is known for the first time whether the speech service can be reached.
  private func beginCutting() {
    guard cutter == nil, configuration.inputURL == nil else { return }
    switch machine.phase {
    case .ready, .waiting: break
    case .idle, .connecting, .opening, .ending, .finished, .exited: return
    }
    let origin = clock.now()
    let seconds = configuration.rules.segmentSeconds
    let limit = configuration.segmentLimit
    cutter = Task { [weak self, clock] in
      var index = 0
      while index < limit ?? .max {
        let due = origin.advanced(bySeconds: Double(index + 1) * seconds)
        do { try await clock.sleep(seconds: due.seconds(since: clock.now())) } catch { return }
        guard let self else { return }
        await self.cut(index)
        index += 1
      }
      await self?.apply(.endOfInput)
    }
  }

  private func cut(_ index: Int) { apply(.segment(grid.segment(index, cutAt: clock.now()))) }

  /// When each series of the shape in the field came to be.
  func noteCreated() {
    let counters = machine.counters
    let present: [(String, Bool)] = [
      ("segments_processed", counters.segments > 0), ("segments_bytes", counters.segments > 0), ("sts_fragments_sent", counters.sent > 0),
      ("sts_fragments_processed", !counters.processed.isEmpty), ("sts_processing_latency_seconds", counters.latency.count > 0),
      ("circuit_breaker_failures", counters.breakerFailures > 0),
      ("circuit_breaker_fallbacks", (counters.fallbacks[.circuitOpen] ?? 0) > 0),
      ("av_sync_corrections", counters.syncCorrections > 0), ("errors", !counters.errors.isEmpty),
      ("backpressure_events", !counters.backpressure.isEmpty),
    ]
    for (name, isPresent) in present where isPresent && created[name] == nil { created[name] = clock.wallNow() }
  }

  func metricsText() -> WorkerMetricsText {
    let isRunning =
      switch machine.phase {
      case .ready, .opening, .connecting, .waiting: true
      case .idle, .ending, .finished, .exited: false
      }
    let undecided = machine.waiting.count + machine.inflight.count
    return WorkerMetricsText(
      counters: machine.counters, breaker: machine.breaker.state, inflight: machine.inflight.count,
      videoWaiting: plane?.queue.segments.count ?? undecided,
      audioWaiting: plane?.queue.segments.count { $0.decision != .open } ?? 0, streamID: configuration.streamID, startedAt: startedAt,
      created: created, isInputRunning: plane == nil ? isRunning : input.isOpen,
      isOutputRunning: plane == nil ? isRunning : output.feed != nil)
  }

  /// Whether the end was asked for.
  var hasEnded: Bool { exit != nil }

  var uptimeSeconds: Double { clock.wallNow().epochSeconds - startedAt.epochSeconds }
}
