import Events

/// What lies on the way of a recording: where a transport can go to, and what the seek bar draws.
package struct Landmarks: Hashable, Sendable {
  /// A span of time in which a fault was in force; without an end, to the end of the recording.
  package struct Band: Hashable, Sendable {
    /// When it began.
    package var from: RunInstant
    /// When it ended.
    package var to: RunInstant?

    /// A span of time.
    package init(from: RunInstant, to: RunInstant?) {
      self.from = from
      self.to = to
    }
  }

  /// Where something is violated.
  package var violations: [RunInstant]
  /// Transitions, faults and marks.
  package var turns: [RunInstant]
  /// Everything that arrived.
  package var events: [RunInstant]
  /// Faults.
  package var bands: [Band]

  /// What lies on the way, in order of time.
  package init(violations: [RunInstant] = [], turns: [RunInstant] = [], events: [RunInstant] = [], bands: [Band] = []) {
    self.violations = violations
    self.turns = turns
    self.events = events
    self.bands = bands
  }
}

/// How a recording plays.
package struct Transport: Hashable, Sendable {
  /// What a key does to it.
  package enum Step: Hashable, Sendable {
    /// The next event, with a minus the one before.
    case event(Int)
    /// So many seconds on.
    case seconds(Double)
    /// So many segments on.
    case segments(Int)
    /// The next violation, or the one before.
    case violation(Int)
    /// The next transition, fault or mark, or the one before.
    case turn(Int)
    /// So many places faster, with a minus slower.
    case speed(Int)
  }

  /// Speeds, in seconds of the recording in one second.
  package static let speeds: [Double] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100]

  /// What lies on the way.
  package var landmarks = Landmarks()
  /// Seconds of the recording in one second, 0.1 to 100.
  package internal(set) var speed = 1.0
  /// Whether it plays.
  package internal(set) var isPlaying = false

  /// A transport at rest.
  package init(landmarks: Landmarks = Landmarks(), speed: Double = 1) {
    self.landmarks = landmarks
    self.speed = min(max(speed.isFinite ? speed : 1, 0.1), 100)
  }

  mutating func change(_ places: Int) {
    let speed = speed
    let next = places > 0 ? Self.speeds.first { $0 > speed } : Self.speeds.last { $0 < speed }
    self.speed = next ?? speed
  }

  /// The nearest moment on that side of another; nil where there is none.
  static func next(_ moments: [RunInstant], _ direction: Int, from instant: RunInstant) -> RunInstant? {
    direction > 0 ? moments.first { $0 > instant } : moments.last { $0 < instant }
  }
}
