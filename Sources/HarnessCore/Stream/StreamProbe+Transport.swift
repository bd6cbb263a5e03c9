import Events
import MediaSync
import ProcessGuard
import RunModel
import TransportStream
import WireFormats

/// MPEG-TS that we read ourselves: one connection, and one decoder after the other on it.
extension StreamProbe {
  /// The decoder at hand.
  struct Decoder: Sendable {
    var child: GuardedProcess
    var input: ByteHandOff
  }

  /// Reads a stream of ours to its end, or gives it to ffmpeg where it is something else.
  func read(_ source: StreamSource, _ sink: any EventSink) async -> Problem? {
    let work = Task { await pass(source, sink) }
    ending = { work.cancel() }
    // The source is let go at once: whoever waits for its bytes gets none.
    let problem = await withTaskCancellationHandler {
      if isDone || Task.isCancelled { work.cancel() }
      return await work.value
    } onCancel: {
      work.cancel()
    }
    ending = nil
    return problem
  }

  private func pass(_ source: StreamSource, _ sink: any EventSink) async -> Problem? {
    let problem = await withTaskCancellationHandler {
      switch await source.look() {
      case .failed(let problem): return Optional(problem)
      case .foreign:
        await source.end()
        guard !Task.isCancelled else { return nil }
        return await readByFFmpeg(nil, sink)
      case .other: return await readByFFmpeg(source.bytes, sink)
      case .transport: return await select(source, sink)
      }
    } onCancel: {
      Task { await source.end() }
    }
    await source.end()
    return problem
  }

  private func select(_ source: StreamSource, _ sink: any EventSink) async -> Problem? {
    isOwnReader = true
    var selector = TransportSelector(audioIndex: target.address.audioIndex)
    var trouble: Problem?
    while trouble == nil, !Task.isCancelled, let bytes = await source.bytes.take() {
      trouble = await follow(selector.feed(bytes), sink)
      // What was on its way to the decoder is lost with it.
      if trouble != nil, !isDone, !Task.isCancelled, !watchdog.hasOpened, let track = reading.silentTrack {
        selector.leaveOut(track)
        reading.goOn()
        say(.defect(StreamDefect(.undecodable, track)))
        trouble = nil
      }
    }
    if trouble == nil, !Task.isCancelled, !isDone { trouble = await follow(selector.finish(), sink) }
    let last = await endDecoder(isEarly: Task.isCancelled || isDone)
    if let problem = trouble ?? last { return problem }
    if let problem = await source.bytes.problem, !isDone { return problem }
    // ffmpeg guesses at packets whose map is missing; of a file both may look.
    if !selector.hasProgram, target.address.transport == .file, !isDone, !Task.isCancelled {
      isOwnReader = false
      return await readByFFmpeg(nil, sink)
    }
    guard watchdog.hasOpened || isDone || Task.isCancelled else {
      return Problem(
        .stream,
        selector.hasProgram
          ? "nothing that can be decoded came of what its program map announces"
          : "it is an MPEG transport stream, but no program map came that can be read")
    }
    return nil
  }

  private func follow(_ outputs: [TransportSelector.Output], _ sink: any EventSink) async -> Problem? {
    for output in outputs {
      switch output {
      case .tracks(let tracks): reading.list(tracks, audioIndex: target.address.audioIndex)
      case .progress: notePackets(fromReader: false)
      case .defect(let defect):
        say(.defect(defect))
        await flush(sink)
      case .decoder(let tracks, let heldSeconds):
        if decoder != nil {
          if let problem = await endDecoder(isEarly: false) { return problem }
          reading.goOn()
        }
        if let problem = await startDecoder(tracks, heldSeconds, sink) { return problem }
      case .bytes(let bytes):
        guard let decoder, await decoder.input.give(bytes) else { return await endDecoder(isEarly: false) ?? lostDecoder }
      }
    }
    return nil
  }

  private var lostDecoder: Problem { Problem(.stream, "the reader ended before the stream did") }

  private func startDecoder(_ tracks: Set<MediaTrack>, _ heldSeconds: Double, _ sink: any EventSink) async -> Problem? {
    var command = ProbeCommandLine(address: target.address, searchesMarks: reading.analysis.content != .off, pace: pace)
    command.input = .transportPipe
    command.tracks = tracks
    // It begins with what can be decoded: its first second tells everything, once what waited has passed.
    command.analyzeSeconds = heldSeconds + 1
    let input = ByteHandOff()
    do {
      let child = try await processGuard.start(ChildRequest(options.ffmpeg, command.arguments), input: input.input) {
        [self] channel, bytes in await take(bytes, channel, sink)
      }
      decoder = Decoder(child: child, input: input)
      Task {
        _ = await child.waitForExit()
        await input.abandon()
      }
      return nil
    } catch {
      return error.advisingFFmpeg
    }
  }

  /// Lets the decoder come to the end of what it got.
  /// - Parameter isEarly: whether nobody wants to know the rest.
  /// - Returns: why it did not.
  private func endDecoder(isEarly: Bool) async -> Problem? {
    guard let decoder else { return nil }
    self.decoder = nil
    await decoder.input.finish()
    let grace = options.grace
    let child = decoder.child
    let exit = await withTaskCancellationHandler {
      if isEarly || isDone || Task.isCancelled { await child.terminate(grace: grace) }
      return await child.waitForExit()
    } onCancel: {
      Task { await child.terminate(grace: grace) }
    }
    if case .signalled = exit { wasKilled = watchdog.reason == nil && !isDone && !Task.isCancelled } else { wasKilled = false }
    guard !isEarly, !isDone, !Task.isCancelled else { return nil }
    say(reading.end(isLast: false))
    guard exit != .exited(0) else { return nil }
    let complaint = reading.log.complaint.map(FFmpegWords.plain)
    return Problem(.stream, complaint.map { "the reader \(exit): \($0)" } ?? "the reader \(exit)")
  }
}
