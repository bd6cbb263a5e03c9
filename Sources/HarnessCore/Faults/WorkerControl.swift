import Events
import WireFormats

/// Moves the audio of the worker's output, by `POST /control` of our stand-in.
package struct WorkerControl: FaultMeans {
  /// What is asked of the worker.
  package let kind = FaultKind.Means.worker
  private let address: ServiceAddress?
  private let unavailable: String?

  /// - Parameters:
  ///   - address: the worker's health and metrics; nil where it cannot be reached.
  ///   - unavailable: why nothing of this can be done here; nil when it can.
  package init(_ address: ServiceAddress?, unavailable: String? = nil) {
    self.address = address
    self.unavailable = unavailable
  }

  /// Whether it can be reached.
  package func can(_ fault: Fault) async -> FaultAbility {
    if let unavailable { return .unable(unavailable) }
    return address == nil ? .unable("no address of \(fault.service) is known") : .able
  }

  /// Brings a fault about.
  package func begin(_ fault: Fault, lease: Double?) async throws {
    switch fault.kind {
    case .audioSkew: try await shift(skew: fault.number(.milliseconds), drift: 0, lease)
    case .audioDrift: try await shift(skew: 0, drift: fault.number(.millisecondsPerSecond), lease)
    default: throw FaultRefusal("\(fault.kind.id) is nothing that the worker can be asked for")
    }
  }

  /// Puts things back.
  package func end(_ fault: Fault) async throws { try await shift(skew: 0, drift: 0, nil) }

  /// A skew that somebody else has set; a drift is not told from what it has added up to.
  package func found(before fault: Fault) async -> Fault? {
    guard let address, let state = try? await ControlCall.http("GET", at: address, body: nil) else { return nil }
    guard let skew = state["skew_ms"]?.doubleValue, skew != 0 else { return nil }
    return Fault(.audioSkew, [.milliseconds: .number(skew)])
  }

  private func shift(skew: Double, drift: Double, _ lease: Double?) async throws {
    guard let address else { throw FaultRefusal("no address of the worker is known") }
    var body: [String: JSONValue] = ["skew_ms": .number(skew), "drift_ms_per_s": .number(drift)]
    if let lease { body["seconds"] = .number(lease) }
    _ = try await ControlCall.http("POST", at: address, body: .object(body))
  }
}
