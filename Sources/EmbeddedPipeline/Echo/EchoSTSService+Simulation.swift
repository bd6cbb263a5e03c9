import Events
import SocketIO
import SpeechProtocol
import WireFormats

extension EchoSTSService {
  /// The client that holds a stream: the newest session that is not over. Nil asks for the sender itself.
  private func target(_ streamID: String?, sender: String?) throws(STSViolation) -> String {
    guard let streamID else {
      if let sender { return sender }
      throw STSViolation(.invalidConfig, "stream_id is missing")
    }
    guard let found = clients.first(where: { $0.value.session.streamID == streamID && $0.value.session.state != .completed }) else {
      throw STSViolation(.streamNotFound, "no session of stream \(EnvironmentReader.quoted(streamID)) is open")
    }
    return found.key
  }

  /// `config:error_simulation`, from a client or (sender nil) over HTTP.
  func simulateErrors(_ payload: JSONValue?, from sender: String?) -> STSErrorSimulationAck {
    do throws(STSViolation) {
      let message = try STSCodec.read(STSErrorSimulation.self, from: payload)
      try message.validate()
      let rules = EchoErrorRules(message)
      var note: String?
      if let streamID = message.streamID {
        try keep(message, for: streamID)
        let holders = clients.filter { $0.value.session.streamID == streamID }.map(\.key)
        for id in holders { clients[id]?.session.errors = rules }
        if holders.isEmpty { note = "no session of this stream is open; the rules wait for one" }
      } else {
        clients[try target(nil, sender: sender)]?.session.errors = rules
      }
      write(EchoLogText.errorRules(count: rules.count, streamID: message.streamID))
      return STSErrorSimulationAck(status: "accepted", rulesCount: rules.count, message: note)
    } catch {
      return STSErrorSimulationAck(status: "rejected", rulesCount: 0, message: error.message)
    }
  }

  private func keep(_ message: STSErrorSimulation, for streamID: String) throws(STSViolation) {
    guard message.enabled, message.rules?.isEmpty == false else {
      rulesByStream[streamID] = nil
      return
    }
    // Rules that fire a limited number of times belong to the session at hand: a later one must not start them again.
    let lasting = STSErrorSimulation(enabled: true, rules: message.rules?.filter { $0.times == nil }, streamID: streamID)
    let isOpen = clients.contains { $0.value.session.streamID == streamID }
    if rulesByStream[streamID] == nil, rulesByStream.count >= Self.keptStreams {
      throw STSViolation(.queueFull, "rules for \(Self.keptStreams) streams are kept already; switch some off")
    }
    rulesByStream[streamID] = isOpen ? lasting : message
  }

  /// `simulate:disconnect`, from a client or (sender nil) over HTTP.
  func simulateDisconnect(_ payload: JSONValue?, from sender: String?) -> STSSimulateDisconnectAck {
    do throws(STSViolation) {
      let message = try STSCodec.read(STSSimulateDisconnect.self, from: payload)
      try message.validate()
      let id = try target(message.streamID, sender: sender)
      let milliseconds = message.delayMs ?? 0
      let at = clock.wallNow().epochSeconds * 1000 + milliseconds
      timers.set(.disconnect(clientID: id), seconds: milliseconds / 1000, clock: clock) { [weak self] timer, number in
        await self?.disconnectIsDue(timer, number, id)
      }
      write(EchoLogText.disconnectPlanned(clientID: id, milliseconds: milliseconds, reason: message.reason))
      return STSSimulateDisconnectAck(
        status: "scheduled", disconnectAtMs: at.rounded(), message: "the client is disconnected in \(LogText.shortest(milliseconds)) ms")
    } catch {
      return STSSimulateDisconnectAck(status: "rejected", message: error.message)
    }
  }

  private func disconnectIsDue(_ timer: ServiceTimer, _ number: Int, _ id: String) {
    guard timers.claim(timer, number) else { return }
    perform([.disconnect(reason: "simulated")], for: id)
  }

  /// `simulate:backpressure`, from a client or (sender nil) over HTTP.
  func simulateBackpressure(_ payload: JSONValue?, from sender: String?) -> STSSimulateBackpressureAck {
    do throws(STSViolation) {
      let message = try STSCodec.read(STSSimulateBackpressure.self, from: payload)
      try message.validate()
      let id = try target(message.streamID, sender: sender)
      guard let session = clients[id]?.session, let streamID = session.streamID else {
        throw STSViolation(.streamNotFound, "no stream is open on this connection; send stream:init first")
      }
      let backpressure = STSBackpressure(
        streamID: streamID, severity: message.severity, currentInflight: session.inflight.count, queueDepth: session.pending.count,
        action: message.action, recommendedDelayMs: message.recommendedDelayMs)
      perform([.emit(.backpressure(backpressure))], for: id)
      return STSSimulateBackpressureAck(status: "sent", message: "backpressure \(message.action.rawValue) is sent to \(streamID)")
    } catch {
      return STSSimulateBackpressureAck(status: "rejected", message: error.message)
    }
  }
}
