/// A fault with its numbers: which one, and what exactly.
public struct FaultRequest: Codable, Hashable, Sendable {
  /// A fault's name, as in ``FaultDescriptor/id``.
  public var id: String
  /// Its numbers and words by name, as written; empty for the fault as the menu has it.
  public var parameters: [String: String]

  /// A fault with its numbers.
  public init(_ id: String, _ parameters: [String: String] = [:]) {
    self.id = id
    self.parameters = parameters
  }

  /// A parameter as a finite number; nil when it is not there or is none.
  public func number(_ name: String) -> Double? {
    guard let value = parameters[name].flatMap({ Double($0) }), value.isFinite else { return nil }
    return value
  }

  /// "sts-outage seconds=40".
  public var sentence: String {
    ([id] + parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
  }

  /// The faults that drivers know by name, and the parameters each may have; a driver that cannot do one says so.
  public static let known: [String: [String]] = [
    "sts-errors": ["code", "count"], "sts-disconnect": [], "sts-outage": ["seconds"],
    "backpressure": ["severity", "action", "delay_ms"], "backpressure-pause": [], "backpressure-slow-down": [], "backpressure-clear": [],
    "sts-latency": ["ms", "seconds"], "worker-crash": ["restart_after"], "worker-restart": [], "publisher-stop": ["restart_after"],
    "audio-skew": ["ms", "seconds"], "audio-drift": ["ms_per_s", "seconds"], "container-stop": ["service", "seconds"],
    "container-kill": ["service", "seconds"], "container-pause": ["service", "seconds"],
  ]

  /// What a number may be, and its unit, where a fault has limits of its own; nil where it has none.
  public static func limits(of parameter: String, in fault: String) -> (range: ClosedRange<Double>, unit: String)? {
    switch (fault, parameter) {
    case ("audio-skew", "ms"): (-5000...5000, "milliseconds, later than the video (negative: earlier)")
    case ("audio-drift", "ms_per_s"): (-100...100, "milliseconds per second, later (negative: earlier)")
    default: nil
    }
  }

  /// The parameters that are words; all others are numbers.
  public static let wordParameters: Set<String> = ["code", "severity", "action", "service"]
}
