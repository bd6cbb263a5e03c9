import Events

/// How far the clock in a service's log stands from ours.
///
/// Only lines that arrive after a warm-up count: what is read first is the log's past, whose age says nothing.
package struct LogClock: Codable, Hashable, Sendable {
  private static let warmUpSeconds = 3.0
  private static let kept = 32
  /// How old a line may be when it is read, at most, in seconds at the speed of real time: what a busy machine and a pipe may hold back.
  /// One that says it is older was written by a clock that cannot be trusted.
  package static let trustSeconds = 15.0

  private var firstSeen: RunInstant?
  private var lags: [Double] = []

  /// A clock about which nothing is known yet.
  package init() {}

  /// How many seconds the service's clock is behind ours (negative: ahead); nil as long as too little is known.
  ///
  /// A small lag counts: reading can only make a line look later than it was. The smallest ones may be of single lines whose time is wrong,
  /// so that of many lags the third is taken.
  package var behindSeconds: Double? {
    guard lags.count >= 3 else { return nil }
    // By hand: this is asked for every line.
    var smallest = (Double.infinity, Double.infinity, Double.infinity)
    for lag in lags {
      if lag < smallest.0 {
        smallest = (lag, smallest.0, smallest.1)
      } else if lag < smallest.1 {
        smallest = (smallest.0, lag, smallest.1)
      } else if lag < smallest.2 {
        smallest.2 = lag
      }
    }
    return lags.count < 5 ? smallest.0 : lags.count < 9 ? smallest.1 : smallest.2
  }

  /// Takes in the time written in a line and when it was read.
  package mutating func note(reported: WallTime, seen: WallTime, at instant: RunInstant) {
    let first = firstSeen ?? instant
    firstSeen = first
    guard instant.seconds(since: first) > Self.warmUpSeconds else { return }
    lags.append(seen.epochSeconds - reported.epochSeconds)
    if lags.count > Self.kept { lags.removeFirst(lags.count - Self.kept) }
  }

  /// When something a line tells of occurred on our axis: the line's time, corrected when its clock is clearly off.
  package func instant(reported: WallTime, seen: WallTime, at instant: RunInstant) -> RunInstant {
    var lag = seen.epochSeconds - reported.epochSeconds
    if let behindSeconds, abs(behindSeconds) > 2 { lag -= behindSeconds }
    return lag.isFinite && lag > 0 ? instant.advanced(bySeconds: -lag) : instant
  }
}
