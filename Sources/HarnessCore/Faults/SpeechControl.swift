import Events
import SpeechProtocol
import WireFormats

/// Disturbs the speech service from outside, as any harness could: by its simulation events, and by `POST /control` of our stand-in.
package struct SpeechControl: FaultMeans {
  /// A stream that is meant when none is named and none is open.
  package static let usualStreamID = "test"

  /// What is asked of the speech service.
  package let kind = FaultKind.Means.speech
  private let address: ServiceAddress?
  private let streamID: String?

  /// - Parameters:
  ///   - address: the service; nil where it cannot be reached.
  ///   - streamID: the stream that is meant; nil for the one that the service has open.
  package init(_ address: ServiceAddress?, streamID: String? = nil) {
    self.address = address
    self.streamID = streamID
  }

  /// Whether it can be reached.
  package func can(_ fault: Fault) async -> FaultAbility {
    address == nil ? .unable("no address of \(fault.service) is known") : .able
  }

  /// Brings a fault about.
  package func begin(_ fault: Fault, lease: Double?) async throws {
    switch fault.kind {
    case .speechErrors:
      let rule = STSErrorRule(
        trigger: .nthFragment, value: .number(1), errorCode: fault.word(.code), times: Int(fault.number(.count)))
      try await simulateErrors(STSErrorSimulation(enabled: true, rules: [rule], streamID: await stream()))
    case .speechDisconnect:
      let answer = try await ControlCall.event(
        STSEventName.simulateDisconnect, STSSimulateDisconnect(delayMs: 0, reason: "fault", streamID: await stream()),
        answer: STSEventName.simulateDisconnectAck, at: try known())
      try Self.require(answer, "scheduled")
    case .backpressure:
      guard let severity = BackpressureSeverity(rawValue: fault.word(.severity)),
        let action = BackpressureAction(rawValue: fault.word(.action))
      else { throw FaultRefusal("\(fault.detail) is no backpressure") }
      try await simulate(severity, action, delayMilliseconds: fault.optionalNumber(.delayMilliseconds))
    case .speechOutage: try await post(["action": "outage", "seconds": .number(lease ?? fault.number(.seconds))])
    case .latency:
      var body: [(String, JSONValue)] = [("action", "latency"), ("delay_ms", .number(fault.number(.milliseconds)))]
      if let lease { body.append(("seconds", .number(lease))) }
      try await post(.object(Dictionary(uniqueKeysWithValues: body)))
    default: throw FaultRefusal("\(fault.kind.id) is nothing that the speech service can be asked for")
    }
  }

  /// Puts things back.
  package func end(_ fault: Fault) async throws {
    switch fault.kind {
    case .speechErrors: try await simulateErrors(STSErrorSimulation(enabled: false, rules: [], streamID: await stream()))
    case .backpressure where fault.word(.action) != BackpressureAction.none.rawValue:
      // With its session it is gone.
      if let state = try? await state(), Self.session(of: state, Self.stream(of: state, or: streamID)) == nil { return }
      try await simulate(.low, .none, delayMilliseconds: nil)
    case .speechOutage:
      // Ended by its own timer already; older stand-ins know no other end.
      if try await state()["outage"]?.boolValue == false { return }
      try await post(["action": "outage", "seconds": 0])
    case .latency: try await post(["action": "latency", "delay_ms": 0])
    default: break
    }
  }

  /// Whether every failure that was asked for has come, or the session it was meant for is over.
  package func isOver(_ fault: Fault) async -> Bool? {
    guard fault.kind == .speechErrors, let left = await shotsLeft() else { return nil }
    return left == 0
  }

  /// What somebody else has set.
  package func found(before fault: Fault) async -> Fault? {
    guard fault.kind == .latency, let delay = try? await state()["added_latency_ms"]?.doubleValue, delay > 0 else { return nil }
    return fault.with(.milliseconds, .number(delay))
  }

  /// What of a sequence is still to come.
  package func rest(of fault: Fault) async -> Fault? {
    guard fault.kind == .speechErrors, let left = await shotsLeft() else { return fault }
    return left == 0 ? nil : fault.with(.count, .number(Double(left)))
  }

  // MARK: Calls

  private func simulateErrors(_ rules: STSErrorSimulation) async throws {
    let answer = try await ControlCall.event(
      STSEventName.configErrorSimulation, rules, answer: STSEventName.configErrorSimulationAck, at: try known())
    try Self.require(answer, "accepted")
  }

  private func simulate(_ severity: BackpressureSeverity, _ action: BackpressureAction, delayMilliseconds: Double?) async throws {
    let message = STSSimulateBackpressure(
      streamID: await stream(), severity: severity, action: action, recommendedDelayMs: delayMilliseconds)
    let answer = try await ControlCall.event(
      STSEventName.simulateBackpressure, message, answer: STSEventName.simulateBackpressureAck, at: try known())
    try Self.require(answer, "sent")
  }

  private func post(_ body: JSONValue) async throws { _ = try await ControlCall.http("POST", at: try known(), body: body) }

  private func state() async throws -> JSONValue { try await ControlCall.http("GET", at: try known(), body: nil) }

  private func known() throws -> ServiceAddress {
    guard let address else { throw FaultRefusal("no address of the speech service is known") }
    return address
  }

  /// How many failures are still to come in the stream's open session; nil when that is not known.
  private func shotsLeft() async -> Int? {
    guard let state = try? await state() else { return nil }
    return Self.session(of: state, Self.stream(of: state, or: streamID))?["error_shots_left"]?.intValue ?? 0
  }

  private static func session(of state: JSONValue, _ stream: String) -> JSONValue? {
    (state["sessions"]?.arrayValue ?? []).first { $0["stream_id"]?.stringValue == stream && $0["state"]?.stringValue != "completed" }
  }

  /// The stream that is meant: the one named, else the first that is open, else the worker's usual one.
  private func stream() async -> String {
    if let streamID { return streamID }
    guard let state = try? await state() else { return Self.usualStreamID }
    return Self.stream(of: state, or: nil)
  }

  private static func stream(of state: JSONValue, or named: String?) -> String {
    if let named { return named }
    let open = (state["sessions"]?.arrayValue ?? []).first { $0["state"]?.stringValue != "completed" }
    return open?["stream_id"]?.stringValue ?? usualStreamID
  }

  private static func require(_ answer: JSONValue, _ status: String) throws {
    guard answer["status"]?.stringValue == status else {
      throw FaultRefusal(answer["message"]?.stringValue ?? "the speech service refused")
    }
  }
}
