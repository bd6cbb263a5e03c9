import SpeechProtocol

/// What the speech service says to a client.
enum EchoMessage: Sendable, Equatable {
  case streamReady(STSStreamReady)
  case fragmentAck(STSFragmentAck)
  case fragmentProcessed(STSFragmentProcessed)
  case backpressure(STSBackpressure)
  case streamComplete(STSStreamComplete)
  case error(STSErrorMessage)
  case errorSimulationAck(STSErrorSimulationAck)
  case simulateDisconnectAck(STSSimulateDisconnectAck)
  case simulateBackpressureAck(STSSimulateBackpressureAck)

  /// The event's name and its payload.
  var wire: (event: String, payload: any Encodable & Sendable) {
    switch self {
    case .streamReady(let payload): (STSEventName.streamReady, payload)
    case .fragmentAck(let payload): (STSEventName.fragmentAck, payload)
    case .fragmentProcessed(let payload): (STSEventName.fragmentProcessed, payload)
    case .backpressure(let payload): (STSEventName.backpressure, payload)
    case .streamComplete(let payload): (STSEventName.streamComplete, payload)
    case .error(let payload): (STSEventName.error, payload)
    case .errorSimulationAck(let payload): (STSEventName.configErrorSimulationAck, payload)
    case .simulateDisconnectAck(let payload): (STSEventName.simulateDisconnectAck, payload)
    case .simulateBackpressureAck(let payload): (STSEventName.simulateBackpressureAck, payload)
    }
  }
}
