import Events
import SocketIO
import SpeechProtocol
import WireFormats

extension MediaServiceWorker {
  /// Begins a new connection; what an older one still says is not heard.
  func connect() {
    // Three seconds of pipeline time, but never less than a real handshake on a busy machine may need.
    let seconds = max(3 / clock.speed, 1.5)
    linkNumber += 1
    let number = linkNumber
    link = WorkerLink(url: configuration.stsURL, connectTimeout: .milliseconds(Int(seconds * 1000))) { [weak self] event in
      await self?.heard(event, on: number)
    }
  }

  private func heard(_ event: WorkerLink.Event, on number: Int) {
    guard number == linkNumber, link != nil else { return }
    switch event {
    case .connected: apply(.connected)
    case .failed(let reason): apply(.connectFailed(reason: reason))
    case .disconnected(let reason):
      link = nil
      sentFrames = [:]
      returned = [:]
      apply(.disconnected(reason: reason))
    case .message(let name, let payload):
      do throws(STSViolation) {
        guard let message = try read(name, payload) else { return }
        apply(.message(message))
        returned = [:]
      } catch {
        note(
          LogEntry(
            .warning, "message of the speech service cannot be read: \(error.message)", logger: "media_service.sts.socketio_client",
            fields: [("event", .text(name)), ("message", .text(error.message))]))
      }
    }
  }

  private func read(_ name: String, _ payload: JSONValue?) throws(STSViolation) -> WorkerMachine.STSMessage? {
    switch name {
    case STSEventName.streamReady: return .streamReady(try STSCodec.read(STSStreamReady.self, from: payload))
    case STSEventName.fragmentAck: return .queued(try STSCodec.read(STSFragmentAck.self, from: payload))
    case STSEventName.fragmentProcessed:
      let result = try STSCodec.read(STSFragmentProcessed.self, from: payload)
      return .processed(result, audio: keep(result))
    case STSEventName.backpressure: return .backpressure(try STSCodec.read(STSBackpressure.self, from: payload))
    case STSEventName.error: return .error(try STSCodec.read(STSErrorMessage.self, from: payload))
    case STSEventName.streamComplete: return .complete(try STSCodec.read(STSStreamComplete.self, from: payload))
    default: return nil
    }
  }

  func sendFragment(_ id: String, _ sequence: Int, _ segment: Segment) {
    let format = plane?.format
    // What is sent has not left yet: it is due later than every time limit of a fragment.
    let bytes = plane.map { $0.audio(of: segment.index) ?? [] } ?? grid.audio(of: segment)
    let audio = STSAudio(
      format: "aac", sampleRateHz: format?.sampleRate ?? AACSilence.sampleRateHz, channels: format?.channels ?? AACSilence.channels,
      durationMs: Int(segment.audioMilliseconds), dataBase64: Base64.text(bytes))
    sentFrames[id] = segment
    link?.send(
      STSEventName.fragmentData,
      STSFragmentData(
        fragmentID: id, streamID: configuration.streamID, sequenceNumber: sequence, timestamp: nowMilliseconds, audio: audio))
  }

  /// Looks at the audio that came back and keeps it until the machine says whether it is put out. Its length is counted in AAC frames;
  /// without an output, audio of another kind is taken as long as the service says.
  private func keep(_ result: STSFragmentProcessed) -> WorkerMachine.ReturnedAudio? {
    guard let audio = result.dubbedAudio else { return nil }
    guard let sent = sentFrames[result.fragmentID] else { return WorkerMachine.ReturnedAudio(lengthDifferenceMilliseconds: 0) }
    let bytes = Base64.decode(audio.dataBase64)
    if let plane {
      guard let frames = bytes.flatMap({ plane.frames(ofDubbed: $0) }) else {
        note(
          LogEntry(
            .error, "dubbed audio cannot be put out: it is not AAC like the input's", logger: "media_service.pipeline.output",
            fields: [("stream_id", .text(configuration.streamID)), ("segment_index", .integer(sent.index))]))
        return nil
      }
      returned[sent.index] = frames
      return WorkerMachine.ReturnedAudio(
        lengthDifferenceMilliseconds: Double(frames.count - sent.audioFrames) * sent.audioFrameSeconds * 1000)
    }
    if audio.sampleRateHz == AACSilence.sampleRateHz, let frames = bytes.flatMap({ AACSilence.countFrames($0) }) {
      return WorkerMachine.ReturnedAudio(
        lengthDifferenceMilliseconds: Double(frames - sent.audioFrames) * sent.audioFrameSeconds * 1000)
    }
    return WorkerMachine.ReturnedAudio(lengthDifferenceMilliseconds: Double(audio.durationMs) - Double(Int(sent.audioMilliseconds)))
  }
}
