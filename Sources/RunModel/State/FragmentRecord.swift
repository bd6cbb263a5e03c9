import Events

/// What became of one fragment, as far as logs tell: a row of the screen's list of fragments.
package struct FragmentRecord: Codable, Hashable, Sendable {
  /// Its identifier, where known.
  package var fragmentID: String?
  /// Its number in the session, where known.
  package var sequenceNumber: Int?
  /// When it was sent; nil where no line told of it.
  package var sentAt: RunInstant?
  /// When its receipt was acknowledged; nil where no line told of it.
  package var acknowledgedAt: RunInstant?
  /// When an answer came, or it was given up; nil as long as neither was told.
  package var answeredAt: RunInstant?
  /// How it ended: processed, failed, timed out or not sent; nil as long as that is not told.
  package var outcome: FragmentHappening.Stage?
  /// The status word or error code given.
  package var detail: String?
  /// Why the original sound took its place; nil where it did not, as far as logs tell.
  package var fallback: String?
  /// How long it took by the service's own word, in milliseconds; nil where it gives none.
  package var toldMilliseconds: Double?

  /// How many are kept.
  package static let kept = 200

  /// How long it took, in milliseconds of the run's time: by the service's own word, else from sending to answer; nil where neither is known.
  package var milliseconds: Double? {
    if let toldMilliseconds { return toldMilliseconds }
    guard let sentAt, let answeredAt else { return nil }
    return answeredAt.seconds(since: sentAt) * 1000
  }

  /// Whether it came to nothing.
  package var hasFailed: Bool {
    switch outcome {
    case .failed, .timedOut, .unsent, .fallback: true
    case .processed, .sent, .acknowledged, nil: fallback != nil
    }
  }

  /// Whether a happening is about it.
  func isMeant(by fragment: FragmentHappening) -> Bool {
    if let id = fragment.fragmentID, let own = fragmentID { return id == own }
    return fragment.sequenceNumber != nil && fragment.sequenceNumber == sequenceNumber
  }

  /// Takes in what is told of it.
  mutating func note(_ fragment: FragmentHappening, at instant: RunInstant) {
    fragmentID = fragmentID ?? fragment.fragmentID
    sequenceNumber = sequenceNumber ?? fragment.sequenceNumber
    switch fragment.stage {
    case .sent: sentAt = sentAt ?? instant
    case .acknowledged: acknowledgedAt = acknowledgedAt ?? instant
    case .fallback: fallback = fragment.detail ?? ""
    case .processed, .failed, .timedOut, .unsent:
      answeredAt = answeredAt ?? instant
      outcome = outcome ?? fragment.stage
      detail = detail ?? fragment.detail
      toldMilliseconds = toldMilliseconds ?? fragment.durationMilliseconds
    }
  }
}

extension FragmentTrack {
  /// Takes in what is told of a fragment: of the newest that it can be, else of one that was not heard of before.
  mutating func record(_ fragment: FragmentHappening, at instant: RunInstant) {
    // A number that is sent again is another fragment: of a new session, or another try.
    let isKnown =
      fragment.stage != .sent
      && records.updateLast(depth: 64, where: { $0.isMeant(by: fragment) }, { $0.note(fragment, at: instant) })
    guard !isKnown else { return }
    var new = FragmentRecord()
    new.note(fragment, at: instant)
    records.append(new)
  }
}
