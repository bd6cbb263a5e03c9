import Events
import TransportStream

extension MediaServiceWorker {
  /// How often the output is looked at, in real time.
  private static let tick = Duration.milliseconds(20)

  /// Begins to read the input and to write the output.
  func beginMedia(from source: MediaAddress, to target: MediaAddress?) {
    // Of a second of pipeline time little is left in real time at a high speed.
    plane = MediaPlane(rules: configuration.rules, toleranceSeconds: max(0.25, 0.1 * clock.speed))
    input.task = Task { await self.runInput(source) }
    output.pacer = Task { await self.pace() }
    if let target { output.task = Task { await self.runOutput(target) } }
  }

  /// Ends reading and writing; bounded in time.
  func endMedia(afterFlush: Bool) async {
    input.task?.cancel()
    input.grace?.cancel()
    output.shiftEnd?.cancel()
    output.pacer?.cancel()
    output.isWanted = false
    output.feed?.finish()
    output.feed = nil
    if afterFlush {
      let task = output.task
      let limit = Task {
        try await Task.sleep(for: .seconds(1))
        task?.cancel()
      }
      await task?.value
      limit.cancel()
    }
    output.task?.cancel()
    await output.task?.value
    await input.task?.value
  }

  /// What happened in the media plane.
  func handle(_ events: [MediaEvent]) {
    for event in events {
      switch event {
      case .began(let hasAudio):
        if let format = plane?.format {
          machine.audioSampleRate = format.sampleRate
          machine.audioChannels = format.channels
        }
        guard !hasAudio else { break }
        complain("audio_processing")
        log(.inputUnusable(reason: "there is no audio track"))
      case .segment(let segment): apply(.segment(segment))
      case .tail(let bytes): apply(.tail(audioBytes: bytes))
      case .seam(let seconds): log(.inputSeam(seconds: seconds))
      case .overdue(let index): apply(.timer(.outputDeadline(segment: index)))
      case .foreignAudio(let type):
        complain("audio_processing")
        log(.inputUnusable(reason: "the audio is not AAC in ADTS frames (stream type \(type)); it goes through as it is"))
      }
    }
  }

  func log(_ event: MediaLogEvent) {
    let text = WorkerLogText(shape: configuration.shape, streamID: configuration.streamID, stsURL: configuration.stsURL)
    note(text.media(event))
  }

  /// Counts an error.
  func complain(_ type: String) {
    machine.counters.errors[type, default: 0] += 1
    noteCreated()
  }

  /// Lets the media go on with the clock until cancelled.
  private func pace() async {
    var last = ContinuousClock.now
    while !Task.isCancelled {
      let now = clock.now()
      // Who was held up itself cannot say that the input was silent.
      if ContinuousClock.now - last > .milliseconds(500) { input.lastBytes = now }
      last = .now
      openOrCloseOutput(at: now)
      if !holdsOutput(at: now), var plane {
        self.plane = nil
        let (bytes, events) = plane.advance(to: now)
        self.plane = plane
        handle(events)
        if !bytes.isEmpty { send(bytes) }
      }
      watchInput(at: now)
      try? await Task.sleep(for: Self.tick)
    }
  }
}
