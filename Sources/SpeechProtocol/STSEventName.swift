/// The names of the events of the speech service's protocol (Socket.IO, namespace `/`).
package enum STSEventName {
  /// A worker opens a stream.
  package static let streamInit = "stream:init"
  /// The stream is open.
  package static let streamReady = "stream:ready"
  /// A worker pauses its stream.
  package static let streamPause = "stream:pause"
  /// A worker goes on.
  package static let streamResume = "stream:resume"
  /// A worker ends its stream.
  package static let streamEnd = "stream:end"
  /// The stream has ended.
  package static let streamComplete = "stream:complete"
  /// A piece of audio to be dubbed.
  package static let fragmentData = "fragment:data"
  /// A fragment is queued (from the service), or its result was received or used (from the worker).
  package static let fragmentAck = "fragment:ack"
  /// What became of a fragment.
  package static let fragmentProcessed = "fragment:processed"
  /// The service asks to hold back, or takes that back.
  package static let backpressure = "backpressure"
  /// Something about a stream or fragment is wrong.
  package static let error = "error"
  /// Makes fragments fail on purpose.
  package static let configErrorSimulation = "config:error_simulation"
  /// The answer to it.
  package static let configErrorSimulationAck = "config:error_simulation:ack"
  /// Makes the service drop a client.
  package static let simulateDisconnect = "simulate:disconnect"
  /// The answer to it.
  package static let simulateDisconnectAck = "simulate:disconnect:ack"
  /// Makes the service send a backpressure message (an addition of this stand-in).
  package static let simulateBackpressure = "simulate:backpressure"
  /// The answer to it.
  package static let simulateBackpressureAck = "simulate:backpressure:ack"
}
