import HarnessModel
import SocketIO

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
      apply(.disconnected(reason: reason))
    case .message(let name, let payload):
      do throws(STSViolation) {
        guard let message = try read(name, payload) else { return }
        apply(.message(message))
      } catch {
        note(
          LogEntry(
            .warning, "message of the speech service cannot be read", fields: [("event", .text(name)), ("message", .text(error.message))]))
      }
    }
  }

  private func read(_ name: String, _ payload: JSONValue?) throws(STSViolation) -> WorkerMachine.STSMessage? {
    switch name {
    case STSEventName.streamReady: return .streamReady(try STSCodec.read(STSStreamReady.self, from: payload))
    case STSEventName.fragmentAck: return .queued(try STSCodec.read(STSFragmentAck.self, from: payload))
    case STSEventName.fragmentProcessed:
      let result = try STSCodec.read(STSFragmentProcessed.self, from: payload)
      return .processed(result, lengthDifferenceMilliseconds: lengthDifference(result))
    case STSEventName.backpressure: return .backpressure(try STSCodec.read(STSBackpressure.self, from: payload))
    case STSEventName.error: return .error(try STSCodec.read(STSErrorMessage.self, from: payload))
    case STSEventName.streamComplete: return .complete(try STSCodec.read(STSStreamComplete.self, from: payload))
    default: return nil
    }
  }

  func sendFragment(_ id: String, _ sequence: Int, _ segment: Segment) {
    let audio = STSAudio(
      format: "aac", sampleRateHz: AACSilence.sampleRateHz, channels: AACSilence.channels, durationMs: Int(segment.audioMilliseconds),
      dataBase64: Base64.text(grid.audio(of: segment)))
    sentFrames[id] = segment.audioFrames
    link?.send(
      STSEventName.fragmentData,
      STSFragmentData(
        fragmentID: id, streamID: configuration.streamID, sequenceNumber: sequence, timestamp: nowMilliseconds, audio: audio))
  }

  /// How much longer the audio that came back is than what was sent, in milliseconds: counted in its AAC frames, or, where it is
  /// not AAC in ADTS frames, as the service says.
  private func lengthDifference(_ result: STSFragmentProcessed) -> Double {
    guard let sent = sentFrames[result.fragmentID], let audio = result.dubbedAudio else { return 0 }
    let frame = AACSilence.frameSeconds * 1000
    if audio.sampleRateHz == AACSilence.sampleRateHz, let bytes = Base64.decode(audio.dataBase64),
      let frames = AACSilence.countFrames(bytes)
    {
      return Double(frames - sent) * frame
    }
    return Double(audio.durationMs) - Double(Int(Double(sent) * frame))
  }
}
