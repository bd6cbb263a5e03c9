import Events
import WireFormats

/// How a worker stands, in one word for programs and one clause for people; worst first.
package enum FleetCondition: Hashable, Sendable {
  /// The engine's last scrape failed.
  case unreachable
  /// Its newest sample is older than three intervals; seconds.
  case silent(Double)
  /// The engine has nothing of it any more.
  case gone
  /// The breaker is open.
  case open
  /// The breaker tries again.
  case halfOpen
  /// An alert fires for it. From outside.
  case alert(String)
  /// The original stood in for a share of the segments, 0 to 1.
  case fallingBack(Double)
  /// Something that would show a fault is not known; which.
  case notKnown([String])
  /// Messages of backpressure came in the last five minutes.
  case pressed(Double)
  /// It sent nothing in the last minute.
  case idle
  /// It sends, its breaker is closed, nothing stood in.
  case running

  /// Where it stands, 0 for the worst.
  package var rank: Int {
    switch self {
    case .unreachable: 0
    case .silent: 1
    case .gone: 2
    case .open: 3
    case .halfOpen: 4
    case .alert: 5
    case .fallingBack: 6
    case .notKnown: 7
    case .pressed: 8
    case .idle: 9
    case .running: 10
    }
  }

  /// A word for programs and totals.
  package var word: String { Self.words[rank].word }

  /// The words, by rank; and whether each is bad, doubtful or good.
  package static let words: [(word: String, gravity: Gravity)] = [
    ("cannot be scraped", .bad), ("silent", .bad), ("gone", .bad), ("breaker open", .bad), ("breaker half-open", .warning),
    ("alert", .bad), ("falls back", .warning), ("not known", .unknown), ("backpressure", .warning), ("idle", .plain), ("running", .good),
  ]

  /// How it is shown.
  package enum Gravity: Hashable, Sendable { case bad, warning, unknown, plain, good }

  /// How it is shown.
  package var gravity: Gravity { Self.words[rank].gravity }

  /// The clause.
  package var text: String {
    switch self {
    case .silent(let age): "silent for \(FleetText.seconds(age))"
    case .fallingBack(let share): "falls back \(FleetText.percent(share))"
    case .notKnown(let what): "not known: \(what.joined(separator: ", "))"
    case .alert(let name): "alert \(name)"
    case .pressed(let count): "backpressure, \(NumberText.rounded(count, 0)) in 5 min"
    case .unreachable, .gone, .open, .halfOpen, .idle, .running: word
    }
  }

  /// Within a rank the greater is worse.
  var weight: Double {
    switch self {
    case .silent(let age): age
    case .fallingBack(let share): share
    case .pressed(let count): count
    case .notKnown(let what): Double(what.count)
    case .unreachable, .gone, .open, .halfOpen, .alert, .idle, .running: 0
    }
  }
}

/// Numbers as the table shows them.
package enum FleetText {
  /// Seconds in few letters: `12 s`, `4 min`, `3 h`.
  package static func seconds(_ value: Double) -> String {
    value < 120
      ? "\(NumberText.rounded(value, value < 10 ? 1 : 0)) s"
      : value < 7200 ? "\(NumberText.rounded(value / 60, 0)) min" : "\(NumberText.rounded(value / 3600, 1)) h"
  }

  /// A share in percent; what is not 0 is not told as 0.
  package static func percent(_ share: Double) -> String {
    share > 0 && share < 0.001 ? "< 0.1 %" : "\(NumberText.rounded(share * 100, share < 0.1 ? 1 : 0)) %"
  }
}

extension FleetWorker {
  /// How it stands. Only a worker of which all is known that would show a fault can be good.
  /// - Parameter figures: what the contract tells; what it has no signal for is no lack of this worker.
  package func condition(of figures: Set<FleetFigure>) -> FleetCondition {
    if isGone { return .gone }
    if isUp == false { return .unreachable }
    if let age, let ageLimit, age > ageLimit { return .silent(age) }
    if breaker == .open { return .open }
    if breaker == .halfOpen { return .halfOpen }
    if let alert = alerts.first { return .alert(alert) }
    if let share = fallbackShare, share > 0 { return .fallingBack(share) }
    var missing: [String] = []
    if age == nil { missing.append("any sample") } else if interval == nil { missing.append("scrape interval") }
    if figures.contains(.breaker), breaker == nil { missing.append(breakerDoubt ?? "breaker") }
    for figure in [FleetFigure.sent, .processed, .fallback] where figures.contains(figure) && self.figures[figure] == nil {
      missing.append(figure.name)
    }
    if figures.isDisjoint(with: [.breaker, .sent]) { missing.append("breaker and fragments") }
    guard missing.isEmpty else { return .notKnown(missing) }
    if let count = self.figures[.backpressure], count >= 0.5 { return .pressed(count) }
    if figures.contains(.sent), self.figures[.sent] == 0 { return .idle }
    return .running
  }
}
