import Events
import MediaSync
import ProcessGuard
import RunModel
import WireFormats

/// Reads one stream with one ffmpeg: what it carries, its gaps and seams, timestamp alignment and content offset.
///
/// A reader that ends, hangs or never connects is started again with growing pauses.
package actor StreamProbe: EventSource {
  /// Who it is: a stream, by its name.
  package nonisolated let id: SourceID
  let target: StreamTarget
  let options: StreamProbeOptions
  let clock: any RunClock
  let processGuard: ProcessGuard
  private let random: RandomUnit

  let rhythm: MarkRhythm?
  var reading: StreamReading
  private var outbox: [RunEvent] = []
  private var isFlushing = false
  /// Ends the reader at hand; nil while there is none.
  var ending: (@Sendable () async -> Void)?
  /// Whether the stream is read by ourselves, and ffmpeg only decodes.
  var isOwnReader = false
  var decoder: Decoder?
  private var meter = RateMeter()
  var watchdog = Watchdog()
  private(set) var isDone = false
  /// Whether the reader was ended by a signal that was not ours.
  var wasKilled = false
  private var mustLookLonger = false
  /// What is read of the stream's tracks, and when it is to be opened anew for them.
  var coverage = TrackCoverage()
  private(set) var failure: Problem?

  /// A probe that has not begun. Marks are searched when the target wants it and the clock runs at most at
  /// ``StreamProbeOptions/fastestContentSpeed``.
  package init(
    _ target: StreamTarget, options: StreamProbeOptions = StreamProbeOptions(), clock: any RunClock, processGuard: ProcessGuard,
    rhythm: MarkRhythm = .standard, random: @escaping RandomUnit = systemRandomUnit
  ) {
    id = SourceID(.stream, target.name)
    self.target = target
    self.options = options
    self.clock = clock
    self.processGuard = processGuard
    self.random = random
    let searches = target.probesContent && clock.speed <= StreamProbeOptions.fastestContentSpeed
    var limit: Double?
    if case .once(let seconds) = options.mode { limit = seconds }
    self.rhythm = searches ? rhythm : nil
    reading = StreamReading(rhythm: self.rhythm, mediaLimit: limit, audioIndex: target.address.audioIndex)
  }

  /// Produces events until cancelled, or until a stream that ends has ended. When it returns, the reader is gone.
  package func run(into sink: any EventSink) async {
    let ticker = Task { await self.tick(sink) }
    defer { ticker.cancel() }
    var schedule = PollSchedule(interval: 1, longestBackoff: options.longestBackoff)
    while !Task.isCancelled, !isDone {
      let reason = await readOnce(sink)
      let now = clock.now()
      if !Task.isCancelled, !isDone, coverage.takeReopening() { continue }
      if watchdog.hasOpened { _ = schedule.succeeded(startedAt: now, now: now) }
      if Task.isCancelled || isDone || endsAfter(reason) {
        await finish(reason, sink)
        return
      }
      // Whoever ends a stream may begin another one.
      coverage = TrackCoverage()
      let next = schedule.failed(now: now, random: random())
      let pause = max(0, next.seconds(since: now))
      let sentence = reason?.description ?? "the stream has ended"
      if watchdog.hasOpened {
        // All that was read is told before its end is.
        outbox.append(.sample(.stream(sample())))
        say(wasKilled ? .readerLost(reason: sentence) : .closed(reason: sentence))
      }
      standing(.failing(reason: sentence, consecutiveFailures: schedule.consecutiveFailures, retryInSeconds: pause))
      await flush(sink)
      do { try await clock.sleep(seconds: pause) } catch { break }
    }
    await finish(nil, sink)
  }

  /// A stream that is read once, or ends by itself and did, is not opened again.
  private func endsAfter(_ reason: Problem?) -> Bool {
    if case .once = options.mode { return true }
    return target.address.isFinite && (reason == nil || target.address.transport == .standardInput)
  }

  private func finish(_ reason: Problem?, _ sink: any EventSink) async {
    failure = reason
    say(reading.end(isLast: true))
    for defect in coverage.takeSilent() { say(.defect(defect)) }
    if reason == nil, !isDone, !isOwnReader { sayWhatWasNotRead() }
    outbox.append(.sample(.stream(sample())))
    let sentence = reason?.description ?? "end of the stream"
    if watchdog.hasOpened { say(wasKilled ? .readerLost(reason: sentence) : .closed(reason: sentence)) }
    if !Task.isCancelled { standing(.ended(reason: sentence)) }
    await flush(sink)
  }

  /// Reads the stream to its end; why it ended, nil for the end of the stream.
  private func readOnce(_ sink: any EventSink) async -> Problem? {
    say(reading.begin())
    meter = RateMeter()
    watchdog = Watchdog()
    isOwnReader = false
    let problem: Problem?
    if let source = StreamSource.open(target.address) {
      problem = await read(source, sink)
    } else {
      problem = await readByFFmpeg(nil, sink)
    }
    return watchdog.reason.map { Problem(.stream, $0) } ?? problem
  }

  /// The speed at which a file is read that plays; nil for as fast as it goes.
  var pace: Double? { isPaced && target.address.transport == .file ? clock.speed : nil }

  /// Runs one ffmpeg to its end, which opens the stream itself or gets its bytes; why it ended, nil for the end of the stream.
  func readByFFmpeg(_ input: ByteHandOff?, _ sink: any EventSink) async -> Problem? {
    var command = ProbeCommandLine(address: target.address, searchesMarks: reading.analysis.content != .off, pace: pace)
    if input != nil { command.input = .pipe }
    // What could not be opened may need a longer look.
    if mustLookLonger || target.address.isFinite { command.analyzeSeconds = 10 }
    if target.address.transport == .rtmp || target.address.transport == .rtsp { command.analyzeSeconds = TrackCoverage.serverLook }
    coverage.prepare(&command)
    // ffmpeg reads even what stays on this machine through a proxy, where one is set.
    let environment: [String: String?] = target.address.isLoopback ? ["http_proxy": nil, "https_proxy": nil] : [:]
    let request = ChildRequest(options.ffmpeg, command.arguments, environment: environment)
    let started: GuardedProcess
    do {
      started = try await processGuard.start(request, input: input?.input) { [self] channel, bytes in await take(bytes, channel, sink) }
    } catch {
      return error.advisingFFmpeg
    }
    let grace = options.grace
    ending = { await started.terminate(grace: grace) }
    let exit = await withTaskCancellationHandler {
      // Done or cancelled while it was being started.
      if isDone || Task.isCancelled { await started.terminate(grace: grace) }
      return await started.waitForExit()
    } onCancel: {
      // Owned by the process guard as well: whatever becomes of this task, the child is ended.
      Task { await started.terminate(grace: grace) }
    }
    ending = nil
    if case .signalled = exit { wasKilled = watchdog.reason == nil && !isDone } else { wasKilled = false }
    if isDone || Task.isCancelled || coverage.isReopening || watchdog.reason != nil { return nil }
    if !watchdog.hasOpened, let track = reading.silentTrack {
      guard target.address.transport != .standardInput else {
        return Problem(
          .stream, "the \(track.rawValue) track is announced, but no packet of it came: what came on standard input cannot be read again",
          hint: "read it from a file, by its name")
      }
      let isWhole = coverage.note(silent: track, isFile: target.address.transport == .file)
      guard isWhole else { return Problem(.stream, "it announces video and audio, but no packet of either came") }
      return nil
    }
    say(reading.end(isLast: false))
    // Of a stream that is there: one that is not there yet is not found the sooner for it.
    mustLookLonger = !watchdog.hasOpened && reading.hasSeenTracks
    if exit == .exited(0), watchdog.hasOpened { return reading.log.brokenOff.map { Problem(.stream, FFmpegWords.plain($0)) } }
    let complaint = reading.log.complaint.map(FFmpegWords.plain)
    if watchdog.hasOpened { return Problem(.stream, complaint.map { "the reader \(exit): \($0)" } ?? "the reader \(exit)") }
    return Problem(.stream, complaint ?? "nothing that can be read came: the reader \(exit)")
  }

  func take(_ bytes: [UInt8], _ channel: GuardedProcess.Channel, _ sink: any EventSink) async {
    // What an old reader still has to say of a stream that is opened anew is said by the new one.
    guard !isDone, !coverage.isReopening else { return }
    let before = reading.packetCount
    let happenings = reading.take(bytes, channel, arrival: isPaced ? clock.now().seconds : nil)
    if reading.packetCount != before { notePackets() }
    say(happenings)
    if case .once(let limit?) = options.mode, hasRead(limit) { stopReading() } else if !isOwnReader { coverTracks() }
    await flush(sink)
  }

  /// Packets came of the stream; nothing before the first one that was told of.
  func notePackets(fromReader: Bool = true) {
    let now = clock.now()
    guard fromReader || watchdog.hasOpened else { return }
    if !watchdog.hasOpened { standing(.reading) }
    if let since = watchdog.packet(now: now, real: ContinuousClock.now) { say(.resumed(afterSeconds: since)) }
  }

  /// Whether so much was read; the search for marks may lie some seconds behind the packets.
  private func hasRead(_ seconds: Double) -> Bool {
    let analysis = reading.analysis
    guard analysis.secondsBeyond > 0, analysis.content != .off else { return analysis.secondsBeyond > 0 }
    let searched = (analysis.searchedPTS ?? -.infinity) - (analysis.firstPTS ?? 0)
    return searched >= seconds - 0.1 || analysis.secondsBeyond > 5
  }

  private func stopReading() {
    isDone = true
    if let ending { Task { await ending() } }
  }

  /// Tells how the stream stands, and ends a reader that hangs.
  private func tick(_ sink: any EventSink) async {
    let interval = max(target.intervalSeconds, 0.1 * clock.speed)
    while (try? await clock.sleep(seconds: interval)) != nil {
      let now = clock.now()
      if let ending {
        let limits = Watchdog.Limits(
          stall: max(options.stallSeconds, clock.speed), hang: options.hangSeconds, connect: options.connectSeconds)
        switch watchdog.look(now: now, real: ContinuousClock.now, limits) {
        case .nothing: break
        case .stalled(let seconds): say(.stalled(seconds: seconds))
        case .hangs: Task { await ending() }
        }
        if !isOwnReader { followTracks() }
      }
      outbox.append(.sample(.stream(sample())))
      await flush(sink)
    }
  }

  private func sample() -> StreamSample {
    let now = clock.now()
    let analysis = reading.analysis
    let rates = meter.note(now, frames: analysis.videoPackets, bytes: analysis.byteCount)
    return StreamSample(
      facts: reading.facts, videoPackets: analysis.videoPackets, audioPackets: analysis.audioPackets,
      framesPerSecond: rates?.frames, bitsPerSecond: rates?.bits, videoPTS: analysis.videoPTS, audioPTS: analysis.audioPTS,
      silentSeconds: watchdog.silence(now: now), content: analysis.content,
      quality: analysis.quality)
  }

  func say(_ happenings: [StreamHappening]) { for happening in happenings { say(happening) } }

  func say(_ what: StreamHappening) {
    outbox.append(.happening(Happening(.stream(what), service: id.service, provenance: .observed)))
  }

  private func standing(_ standing: SourceStatus.Standing) {
    let status = SourceStatus(standing: standing, target: target.address.description, intervalSeconds: target.intervalSeconds)
    outbox.append(.sourceStatus(status))
  }

  /// Hands over what was said, in its order, whoever said it.
  func flush(_ sink: any EventSink) async {
    guard !isFlushing else { return }
    isFlushing = true
    while !outbox.isEmpty {
      let events = outbox
      outbox = []
      for event in events { await sink.emit(event, from: id) }
    }
    isFlushing = false
  }
}
