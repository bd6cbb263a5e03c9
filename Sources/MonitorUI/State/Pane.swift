/// The panes of the screen, numbered as the keys that focus them.
public enum Pane: Int, CaseIterable, Codable, Hashable, Sendable, Comparable {
  case services = 1
  case sync
  case metrics
  case breaker
  case backpressure
  case reconnection
  case events
  case verdict

  /// What the pane's title says.
  public var title: String {
    switch self {
    case .services: "Services"
    case .sync: "A/V sync"
    case .metrics: "Metrics"
    case .breaker: "Breaker"
    case .backpressure: "Backpressure"
    case .reconnection: "Reconnection"
    case .events: "Events"
    case .verdict: "Verdict"
    }
  }

  /// The pane so many places further, around the end.
  public func moved(by step: Int) -> Pane {
    let count = Self.allCases.count
    let index = ((rawValue - 1 + step) % count + count) % count
    return Self(rawValue: index + 1) ?? self
  }

  /// Orders by number.
  public static func < (left: Pane, right: Pane) -> Bool { left.rawValue < right.rawValue }
}
