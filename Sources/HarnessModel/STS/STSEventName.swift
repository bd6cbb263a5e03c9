/// The names of the events of the speech service's protocol (Socket.IO, namespace `/`).
public enum STSEventName {
  /// A worker opens a stream.
  public static let streamInit = "stream:init"
  /// The stream is open.
  public static let streamReady = "stream:ready"
  /// A worker pauses its stream.
  public static let streamPause = "stream:pause"
  /// A worker goes on.
  public static let streamResume = "stream:resume"
  /// A worker ends its stream.
  public static let streamEnd = "stream:end"
  /// The stream has ended.
  public static let streamComplete = "stream:complete"
  /// A piece of audio to be dubbed.
  public static let fragmentData = "fragment:data"
  /// A fragment is queued (from the service), or its result was received or used (from the worker).
  public static let fragmentAck = "fragment:ack"
  /// What became of a fragment.
  public static let fragmentProcessed = "fragment:processed"
  /// The service asks to hold back, or takes that back.
  public static let backpressure = "backpressure"
  /// Something about a stream or fragment is wrong.
  public static let error = "error"
  /// Makes fragments fail on purpose.
  public static let configErrorSimulation = "config:error_simulation"
  /// The answer to it.
  public static let configErrorSimulationAck = "config:error_simulation:ack"
  /// Makes the service drop a client.
  public static let simulateDisconnect = "simulate:disconnect"
  /// The answer to it.
  public static let simulateDisconnectAck = "simulate:disconnect:ack"
  /// Makes the service send a backpressure message (an addition of this stand-in).
  public static let simulateBackpressure = "simulate:backpressure"
  /// The answer to it.
  public static let simulateBackpressureAck = "simulate:backpressure:ack"
}
