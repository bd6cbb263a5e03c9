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

  /// Identifiers of the newest fragments whose time ran out: an answer to one of them is thrown away.
  private var overdue: [String] = []

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
      // A line that is written twice, or a fragment that is sent again, is no second one.
      if let id = fragment.fragmentID, outstanding.contains(where: { $0.fragmentID == id }) { break }
      outstanding.append(Outstanding(fragmentID: fragment.fragmentID, sequenceNumber: fragment.sequenceNumber, sentAt: instant))
      if outstanding.count > 64 { outstanding.removeFirst() }
    case .processed, .failed, .timedOut, .fallback:
      remove(fragment)
    case .acknowledged, .unsent: break
    }
    guard fragment.stage == .timedOut, let id = fragment.fragmentID else { return }
    overdue.append(id)
    if overdue.count > 64 { overdue.removeFirst() }
  }

  /// Another process knows of no fragment of the one before.
  mutating func noteRestart() {
    outstanding.removeAll()
    failing = nil
  }

  /// Whether it is an answer that came after its fragment's time had run out.
  func isLate(_ fragment: FragmentHappening) -> Bool {
    guard fragment.stage == .processed, let id = fragment.fragmentID else { return false }
    return overdue.contains(id)
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
    noteDataMoved(happening.service, "fragment \(fragment.stage.rawValue)", at: instant)
    if !fragments.isLate(fragment) { note(fragment, happening, at: instant) }
  }

  /// What became of a fragment, for the lane that the state is in.
  mutating func note(_ fragment: FragmentHappening, _ happening: Happening, at instant: RunInstant) {
    let wasUnderWay = fragments.contains(fragment)
    fragments.note(fragment, at: instant)
    breaker.note(fragment, wasUnderWay: wasUnderWay, at: instant, thresholds: thresholds, provenance: happening.provenance)
    backpressure.note(fragment, underWay: fragments.outstanding.count, at: instant)
    reconnection.note(fragment, at: instant)
    if let back = reconnection.concludeBack(fragment, at: instant) {
      backpressure.noteNewSession(at: back)
      // A fragment of a stream is one of its worker, where it is told.
      if lanes.active?.stream == nil {
        addInferredRow(.reconnect, .good, "connected again (concluded: a fragment that was sent since came back)")
      }
    }
  }
}

extension Happening.Kind {
  /// The stream that a fragment is of, where its line says so.
  var streamOfFragment: String? {
    if case .fragment(let fragment) = self { fragment.streamID } else { nil }
  }

  /// The stream that a session was opened for, where its line says so.
  var streamOfSession: String? {
    if case .sessionOpened(let stream, _, _) = self { stream } else { nil }
  }
}

extension FragmentHappening {
  /// Codes after which trying again is of no use, so that they do not count for the breaker.
  package static let codesThatDoNotCount: Set<String> = [
    "STREAM_NOT_FOUND", "INVALID_CONFIG", "FRAGMENT_TOO_LARGE", "INVALID_SEQUENCE", "AUTH_FAILED",
  ]
}
