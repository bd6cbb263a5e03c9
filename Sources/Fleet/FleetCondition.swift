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
  /// It sends, and in five minutes nothing came back dubbed, nor did anything stand in that the contract counts.
  case nothingBack
  /// An alert fires for it. From outside.
  case alert(String)
  /// The original stood in for a share of the segments, 0 to 1, or where no share is known at least so often in five minutes.
  case fallingBack(share: Double?, atLeast: Double)
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
    case .nothingBack: 5
    case .alert: 6
    case .fallingBack: 7
    case .notKnown: 8
    case .pressed: 9
    case .idle: 10
    case .running: 11
    }
  }

  /// A word for programs and totals.
  package var word: String { Self.words[rank].word }

  /// The words, by rank; and whether each is bad, doubtful or good.
  package static let words: [(word: String, gravity: Gravity)] = [
    ("cannot be scraped", .bad), ("silent", .bad), ("gone", .bad), ("breaker open", .bad), ("breaker half-open", .warning),
    ("nothing came back", .bad), ("alert", .bad), ("falls back", .warning), ("not known", .unknown), ("backpressure", .warning),
    ("idle", .plain), ("running", .good),
  ]

  /// How it is shown.
  package enum Gravity: Hashable, Sendable { case bad, warning, unknown, plain, good }

  /// How it is shown.
  package var gravity: Gravity { Self.words[rank].gravity }

  /// The clause.
  package var text: String {
    switch self {
    case .silent(let age): "silent for \(FleetText.seconds(age))"
    case .fallingBack(let share?, _): "falls back \(FleetText.percent(share))"
    case .fallingBack(nil, let count): "falls back, at least \(NumberText.rounded(max(1, count), 0)) in 5 min"
    case .nothingBack: "nothing came back dubbed in 5 min"
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
    case .fallingBack(let share, let count): share ?? count
    case .pressed(let count): count
    case .notKnown(let what): Double(what.count)
    case .unreachable, .gone, .open, .halfOpen, .nothingBack, .alert, .idle, .running: 0
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
    let fallbacks = self.figures[.fallback] ?? 0
    if let sent = self.figures[.sent], sent > 0, let back = self.figures[.processed], back <= 0, !partial.contains(.processed),
      fallbacks <= 0
    {
      return .nothingBack
    }
    if let alert = alerts?.first { return .alert(alert) }
    if fallbacks > 0 { return .fallingBack(share: fallbackShare, atLeast: fallbacks) }
    var missing: [String] = []
    if age == nil { missing.append(ageDoubt ?? "any sample") } else if interval == nil { missing.append("scrape interval") }
    for figure in FleetFigure.telling where figures.contains(figure) {
      if figure == .breaker ? breaker == nil : self.figures[figure] == nil {
        missing.append(figure == .breaker ? breakerDoubt ?? figure.name : figure.name)
      } else if partial.contains(figure) {
        missing.append("\(figure.name) (in part only)")
      }
    }
    if alerts == nil { missing.append("alerts") }
    if figures.isDisjoint(with: [.breaker, .sent]) { missing.append("breaker and fragments") }
    guard missing.isEmpty else { return .notKnown(missing) }
    if let count = self.figures[.backpressure], count >= 0.5 { return .pressed(count) }
    if figures.contains(.sent), self.figures[.sent] == 0 { return .idle }
    return .running
  }
}
