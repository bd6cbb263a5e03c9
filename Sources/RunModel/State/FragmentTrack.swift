import Events

/// Fragments under way and what became of them, as far as logs tell.
package struct FragmentTrack: Codable, Sendable {
  /// A fragment that was sent and has not come back yet.
  package struct Outstanding: Codable, Hashable, Sendable {
    /// Its identifier, where known.
    package var fragmentID: String?
    /// Its number in the session, where known.
    package var sequenceNumber: Int?
    /// When it was sent.
    package var sentAt: RunInstant
  }

  /// Sent and not back yet, oldest first.
  package internal(set) var outstanding: [Outstanding] = []
  /// How many were seen in each stage since dubwatch began to look.
  package internal(set) var counts: [FragmentHappening.Stage: Int] = [:]
  /// When the last one was sent.
  package internal(set) var lastSent: RunInstant?

  /// How many in a row came to nothing: failed, timed out or were not sent; and since when.
  package internal(set) var failing: Timed<Int>?

  /// What became of each of the newest ones, oldest first.
  package internal(set) var records = History<FragmentRecord>(limit: FragmentRecord.kept)

  /// Nothing sent yet.
  package init() {}

  mutating func note(_ fragment: FragmentHappening, at instant: RunInstant) {
    counts[fragment.stage, default: 0] += 1
    record(fragment, at: instant)
    switch fragment.stage {
    case .processed: failing = nil
    case .failed, .timedOut, .unsent: failing = Timed((failing?.value ?? 0) + 1, at: failing?.at ?? instant)
    case .sent, .acknowledged, .fallback: break
    }
    switch fragment.stage {
    case .sent:
      lastSent = instant
      outstanding.append(Outstanding(fragmentID: fragment.fragmentID, sequenceNumber: fragment.sequenceNumber, sentAt: instant))
      if outstanding.count > 64 { outstanding.removeFirst() }
    case .processed, .failed, .timedOut, .fallback:
      remove(fragment)
    case .acknowledged, .unsent: break
    }
  }

  /// Another process knows of no fragment of the one before.
  mutating func noteRestart() {
    outstanding.removeAll()
    failing = nil
  }

  /// Whether this fragment is among those under way.
  func contains(_ fragment: FragmentHappening) -> Bool { index(of: fragment) != nil }

  private func index(of fragment: FragmentHappening) -> Int? {
    outstanding.firstIndex { sent in
      if let id = fragment.fragmentID, let other = sent.fragmentID { return id == other }
      if let number = fragment.sequenceNumber { return number == sent.sequenceNumber }
      return false
    }
  }

  private mutating func remove(_ fragment: FragmentHappening) {
    if let index = index(of: fragment) { outstanding.remove(at: index) }
  }
}

extension RunState {
  mutating func applyFragment(_ fragment: FragmentHappening, _ happening: Happening, at instant: RunInstant) {
    let wasUnderWay = fragments.contains(fragment)
    fragments.note(fragment, at: instant)
    noteDataMoved(happening.service, "fragment \(fragment.stage.rawValue)", at: instant)
    breaker.note(fragment, wasUnderWay: wasUnderWay, at: instant, thresholds: thresholds, provenance: happening.provenance)
    backpressure.note(fragment, underWay: fragments.outstanding.count, at: instant)
    reconnection.note(fragment, at: instant)
  }
}

extension FragmentHappening {
  /// Codes after which trying again is of no use, so that they do not count for the breaker.
  package static let codesThatDoNotCount: Set<String> = [
    "STREAM_NOT_FOUND", "INVALID_CONFIG", "FRAGMENT_TOO_LARGE", "INVALID_SEQUENCE", "AUTH_FAILED",
  ]
}
