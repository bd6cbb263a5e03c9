import HarnessModel
import SocketIO
import WireFormats

/// Where a service is reached.
public struct ServiceAddress: Hashable, Sendable {
  /// A host name or an address, without brackets.
  public var host: String
  /// Its TCP port.
  public var port: Int

  /// Where a service is reached.
  public init(host: String = "127.0.0.1", port: Int) {
    self.host = host
    self.port = port
  }
}

/// Disturbs services from outside, as any harness could: by the speech service's simulation events, and by `POST /control` of our stand-ins.
public struct FaultControl: Sendable {
  /// The speech service; nil where it cannot be reached.
  public var speech: ServiceAddress?
  /// The worker's health and metrics; nil where it cannot be reached.
  public var worker: ServiceAddress?
  /// The stream that is meant; nil for the one that the speech service has open.
  public var streamID: String?

  /// Disturbs these services.
  public init(speech: ServiceAddress?, worker: ServiceAddress?, streamID: String? = nil) {
    self.speech = speech
    self.worker = worker
    self.streamID = streamID
  }

  /// Whether a fault is done by a call at all; the others are up to whoever runs the services.
  public static func can(_ fault: PipelineFault) -> Bool {
    switch fault {
    case .speechErrors, .speechDisconnect, .speechOutage, .backpressure, .latency, .audioSkew, .audioDrift: true
    case .workerCrash, .workerRestart, .publisherStop: false
    }
  }

  /// Begins a fault; what lasts for some seconds ends in the service by itself, but for the audio's, which ``end(_:)`` ends.
  /// Throws a sentence when the service refuses, does not answer, or cannot do it.
  public func begin(_ fault: PipelineFault) async throws {
    switch fault {
    case .speechErrors(let code, let count):
      let rule = STSErrorRule(trigger: .nthFragment, value: .number(1), errorCode: code.rawValue, times: count)
      let answer = try await ControlCall.event(
        STSEventName.configErrorSimulation, STSErrorSimulation(enabled: true, rules: [rule], streamID: await stream()),
        answer: STSEventName.configErrorSimulationAck, at: try speechAddress())
      try Self.require(answer, "accepted")
    case .speechDisconnect:
      let answer = try await ControlCall.event(
        STSEventName.simulateDisconnect, STSSimulateDisconnect(delayMs: 0, reason: "fault", streamID: await stream()),
        answer: STSEventName.simulateDisconnectAck, at: try speechAddress())
      try Self.require(answer, "scheduled")
    case .backpressure(let severity, let action, let delay):
      let answer = try await ControlCall.event(
        STSEventName.simulateBackpressure,
        STSSimulateBackpressure(streamID: await stream(), severity: severity, action: action, recommendedDelayMs: delay),
        answer: STSEventName.simulateBackpressureAck, at: try speechAddress())
      try Self.require(answer, "sent")
    case .speechOutage(let seconds):
      _ = try await ControlCall.http("POST", at: try speechAddress(), body: ["action": "outage", "seconds": .number(seconds)])
    case .latency(let milliseconds, let seconds):
      _ = try await ControlCall.http(
        "POST", at: try speechAddress(), body: ["action": "latency", "delay_ms": .number(milliseconds), "seconds": .number(seconds)])
    case .audioSkew(let milliseconds, _): try await shift(["skew_ms": .number(milliseconds), "drift_ms_per_s": 0])
    case .audioDrift(let rate, _): try await shift(["skew_ms": 0, "drift_ms_per_s": .number(rate)])
    case .workerCrash: _ = try await ControlCall.http("POST", at: try workerAddress(), body: ["action": "crash"])
    case .workerRestart, .publisherStop: throw ControlError(description: "\(fault.id) is nothing that a service can be asked for")
    }
  }

  /// Ends what does not end by itself; harmless for everything else.
  public func end(_ fault: PipelineFault) async throws {
    switch fault {
    case .audioSkew, .audioDrift: try await shift(["skew_ms": 0, "drift_ms_per_s": 0])
    default: break
    }
  }

  /// Takes back what is left of a fault before its time, so that services which live on are as they were; an outage ends by itself.
  public func takeBack(_ fault: PipelineFault) async throws {
    switch fault {
    case .speechErrors:
      _ = try await ControlCall.event(
        STSEventName.configErrorSimulation, STSErrorSimulation(enabled: false, rules: [], streamID: await stream()),
        answer: STSEventName.configErrorSimulationAck, at: try speechAddress())
    case .backpressure(_, let action, _):
      if action != .none { try await begin(.backpressure(.low, .none, delayMilliseconds: nil)) }
    case .latency:
      _ = try await ControlCall.http("POST", at: try speechAddress(), body: ["action": "latency", "delay_ms": 0])
    case .audioSkew, .audioDrift: try await end(fault)
    case .speechDisconnect, .speechOutage, .workerCrash, .workerRestart, .publisherStop: break
    }
  }

  /// Whether every failure that was asked for has come, or the session it was meant for is over; nil when that is not known.
  public func hasFiredAllErrors() async -> Bool? {
    guard let speech, let state = try? await ControlCall.http("GET", at: speech, body: nil) else { return nil }
    let wanted = await stream(of: state)
    let sessions = state["sessions"]?.arrayValue ?? []
    let left = sessions.first { $0["stream_id"]?.stringValue == wanted && $0["state"]?.stringValue != "completed" }
    return (left?["error_shots_left"]?.intValue ?? 0) == 0
  }

  private func shift(_ body: JSONValue) async throws { _ = try await ControlCall.http("POST", at: try workerAddress(), body: body) }

  private func speechAddress() throws -> ServiceAddress {
    guard let speech else { throw ControlError(description: "no address of the speech service is known") }
    return speech
  }

  private func workerAddress() throws -> ServiceAddress {
    guard let worker else { throw ControlError(description: "no address of the worker is known") }
    return worker
  }

  /// The stream that is meant: the one named, else the first that is open, else the worker's default.
  private func stream() async -> String {
    if let streamID { return streamID }
    guard let speech, let state = try? await ControlCall.http("GET", at: speech, body: nil) else { return PipelineConfiguration().streamID }
    return await stream(of: state)
  }

  private func stream(of state: JSONValue) async -> String {
    if let streamID { return streamID }
    let open = (state["sessions"]?.arrayValue ?? []).first { $0["state"]?.stringValue != "completed" }
    return open?["stream_id"]?.stringValue ?? PipelineConfiguration().streamID
  }

  private static func require(_ answer: JSONValue, _ status: String) throws {
    guard answer["status"]?.stringValue == status else {
      throw ControlError(description: answer["message"]?.stringValue ?? "the speech service refused")
    }
  }
}
