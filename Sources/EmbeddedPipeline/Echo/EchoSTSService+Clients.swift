import Events
import SocketIO
import SpeechProtocol
import TransportStream
import WireFormats

extension EchoSTSService {
  /// Serves one client until it is gone.
  func serve(_ connection: SocketIOConnection) async {
    let id = connection.id
    let (actions, outbox) = AsyncStream.makeStream(of: EchoSession.Action.self, bufferingPolicy: .bufferingOldest(Self.outboxLimit))
    clients[id] = Client(session: EchoSession(tuning: configuration.tuning), outbox: outbox)
    // One writer keeps the order of what is sent, whatever the actor does meanwhile.
    let writer = Task {
      for await action in actions { await Self.perform(action, on: connection) }
    }
    write(EchoLogText.connected(clientID: id))
    for await event in connection.events {
      switch event {
      case .connected: break
      case .event(let name, let args, _): receive(name, args.first, from: id)
      case .disconnected(let reason): gone(id, reason: reason)
      }
    }
    clients[id]?.timers.cancelAll()
    clients[id] = nil
    timers.cancel(.disconnect(clientID: id))
    outbox.finish()
    writer.cancel()
  }

  private static func perform(_ action: EchoSession.Action, on connection: SocketIOConnection) async {
    switch action {
    case .emit(let message):
      let (event, payload) = message.wire
      guard let json = try? STSCodec.json(payload) else { return }
      // A client that is gone is told so by its event stream; nothing is lost by not saying it here.
      try? await connection.emit(event, [json])
    case .disconnect: await connection.disconnect()
    case .setTimer: break
    }
  }

  private func gone(_ id: String, reason: String) {
    guard let session = clients[id]?.session else { return }
    write(EchoLogText.disconnected(clientID: id, streamID: session.streamID, state: session.state.rawValue, reason: reason))
  }

  /// One message of a client.
  private func receive(_ name: String, _ payload: JSONValue?, from id: String) {
    do throws(STSViolation) {
      switch name {
      case STSEventName.streamInit:
        let message = try STSCodec.read(STSStreamInit.self, from: payload)
        let sessionID = Identifiers.uuid()
        apply(.open(message, sessionID: sessionID), to: id)
        if clients[id]?.session.sessionID == sessionID {
          if let rules = rulesByStream[message.streamID] { clients[id]?.session.errors = EchoErrorRules(rules) }
          write(EchoLogText.opened(streamID: message.streamID, sessionID: sessionID, clientID: id))
        }
      case STSEventName.fragmentData:
        let fragment: STSFragmentData
        do throws(STSViolation) {
          fragment = try STSCodec.read(STSFragmentData.self, from: payload)
        } catch {
          // A fragment for a stream that is not open is refused as such, however badly it is built.
          guard let session = clients[id]?.session, session.state != .active else { throw error }
          throw session.notActive(payload?["stream_id"]?.stringValue ?? "")
        }
        write(EchoLogText.received(fragmentID: fragment.fragmentID, clientID: id))
        let delay = Double(configuration.processingDelayMilliseconds) / 1000 + addedLatency
        apply(.fragment(voiced(fragment), processingSeconds: delay), to: id)
      case STSEventName.fragmentAck:
        apply(.acknowledged(try STSCodec.read(STSFragmentAck.self, from: payload)), to: id)
      case STSEventName.streamPause: apply(.pause(try STSCodec.read(STSStreamReference.self, from: payload)), to: id)
      case STSEventName.streamResume: apply(.resume(try STSCodec.read(STSStreamReference.self, from: payload)), to: id)
      case STSEventName.streamEnd: apply(.end(try STSCodec.read(STSStreamReference.self, from: payload)), to: id)
      case STSEventName.configErrorSimulation:
        let answer = simulateErrors(payload, from: id)
        perform([.emit(.errorSimulationAck(answer))], for: id)
      case STSEventName.simulateDisconnect:
        let answer = simulateDisconnect(payload, from: id)
        perform([.emit(.simulateDisconnectAck(answer))], for: id)
      case STSEventName.simulateBackpressure:
        let answer = simulateBackpressure(payload, from: id)
        perform([.emit(.simulateBackpressureAck(answer))], for: id)
      default: break  // An event this service does not know is no error: newer clients may send more.
      }
    } catch {
      guard let session = clients[id]?.session else { return }
      perform([session.refusal(error, fragmentID: payload?["fragment_id"]?.stringValue)], for: id)
    }
  }

  /// A fragment with the sound that is to come back; as it came where nothing is known of it.
  private func voiced(_ fragment: STSFragmentData) -> STSFragmentData {
    guard let dubTrack, let sound = Base64.decode(fragment.audio.dataBase64), let dub = dubTrack.dub(of: sound) else { return fragment }
    if dub.unknown > 0 { write(EchoLogText.echoed(fragmentID: fragment.fragmentID, unknown: dub.unknown, frames: dub.frames)) }
    guard dub.unknown < dub.frames else { return fragment }
    var voiced = fragment
    voiced.audio.dataBase64 = Base64.text(dub.sound)
    return voiced
  }

  /// Hands an input to a client's session and does what it says.
  func apply(_ input: EchoSession.Input, to id: String) {
    guard let actions = clients[id]?.session.apply(input, at: clock.now()) else { return }
    perform(actions, for: id)
  }

  /// Does what a session says, in order.
  func perform(_ actions: [EchoSession.Action], for id: String) {
    for action in actions {
      guard let client = clients[id] else { return }
      switch action {
      case .setTimer(let timer, let seconds):
        if seconds <= 0, case .fragmentReady(let fragment) = timer {
          apply(.fragmentReady(fragmentID: fragment), to: id)
        } else {
          clients[id]?.timers.set(timer, seconds: seconds, clock: clock) { [weak self] timer, number in
            await self?.fire(timer, number, for: id)
          }
        }
      case .emit(let message):
        if case .dropped = client.outbox.yield(action) { client.outbox.finish() }
        if case .fragmentProcessed(let result) = message {
          write(EchoLogText.answered(fragmentID: result.fragmentID, status: result.status, clientID: id))
        }
      case .disconnect: client.outbox.yield(action)
      }
    }
  }

  private func fire(_ timer: EchoSession.Timer, _ number: Int, for id: String) {
    guard clients[id]?.timers.claim(timer, number) == true else { return }
    switch timer {
    case .fragmentReady(let fragmentID): apply(.fragmentReady(fragmentID: fragmentID), to: id)
    case .gapExpired(let sequence): apply(.gapExpired(sequenceNumber: sequence), to: id)
    case .autoDisconnect: apply(.autoDisconnectDue, to: id)
    }
  }
}
