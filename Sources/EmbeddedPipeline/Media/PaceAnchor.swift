import Events
import MediaSync

/// When a unit leaves: its time on the axis, tied to the clock at the input's arrival, plus a constant delay. Pure.
///
/// Arrivals jitter and may come late in bursts, never early: the tie follows the *earliest* arrival of a window. It moves slowly when
/// the input is a little slower or faster than the clock, and at once when it fell behind for good.
struct PaceAnchor: Sendable {
  /// How long after the input a unit leaves, in seconds.
  let delaySeconds: Double
  /// Jitter that is left alone, in seconds.
  let toleranceSeconds: Double
  static let windowSeconds = 5.0
  static let settleSeconds = 1.0
  /// What a server may hold for who comes later, in seconds; what comes earlier still is early.
  static let burstSeconds = 4.0
  /// An input that fell behind by more than this, for a whole window, is tied anew.
  static let stepSeconds = 2.0
  /// Seconds by which the tie moves per second: to later times, and to earlier ones.
  static let lateRate = 0.05
  static let earlyRate = 0.005

  private struct Tie {
    /// When tick 0 would have arrived.
    var zero: RunInstant
    let first: RunInstant
    var since: RunInstant
    var windowStart: RunInstant
    var windowLeast: Double
  }

  private var tie: Tie?
  private var isSettling = true
  private var lastDue: [MediaTrack: RunInstant] = [:]

  init(delaySeconds: Double, toleranceSeconds: Double = 0.25) {
    self.delaySeconds = delaySeconds
    self.toleranceSeconds = toleranceSeconds
  }

  /// The next unit ties the axis to the clock anew: after a jump or a loss.
  mutating func release() { tie = nil }

  /// Takes an arrival and says when the unit leaves. Per track these instants never go back.
  mutating func due(_ unit: MediaUnit, arrival: RunInstant) -> RunInstant {
    let seconds = MediaTicks.seconds(unit.dts)
    observe(arrival.advanced(bySeconds: -seconds), at: arrival)
    let zero = tie?.zero ?? arrival.advanced(bySeconds: -seconds)
    let due = max(zero.advanced(bySeconds: seconds + delaySeconds), lastDue[unit.track] ?? RunInstant(nanoseconds: .min))
    lastDue[unit.track] = due
    return due
  }

  private mutating func observe(_ zero: RunInstant, at now: RunInstant) {
    guard var tie else {
      self.tie = Tie(zero: zero, first: zero, since: now, windowStart: now, windowLeast: 0)
      isSettling = true
      return
    }
    let lag = zero.seconds(since: tie.zero)
    if isSettling {
      // A server may give what it holds at once: the first units came late then.
      if lag < 0 { tie.zero = max(zero, tie.first.advanced(bySeconds: -Self.burstSeconds)) }
      if now.seconds(since: tie.since) > Self.settleSeconds {
        isSettling = false
        tie.windowStart = now
        tie.windowLeast = .infinity
      }
      self.tie = tie
      return
    }
    tie.windowLeast = min(tie.windowLeast, lag)
    let length = now.seconds(since: tie.windowStart)
    if length >= Self.windowSeconds {
      let least = tie.windowLeast
      if least > Self.stepSeconds {
        tie.zero = tie.zero.advanced(bySeconds: least)
      } else if least > toleranceSeconds {
        tie.zero = tie.zero.advanced(bySeconds: min(least, Self.lateRate * min(length, 2 * Self.windowSeconds)))
      } else if least < -toleranceSeconds {
        tie.zero = tie.zero.advanced(bySeconds: max(least, -Self.earlyRate * min(length, 2 * Self.windowSeconds)))
      }
      tie.windowStart = now
      tie.windowLeast = .infinity
    }
    self.tie = tie
  }
}
