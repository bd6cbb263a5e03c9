import MediaSync

/// What has been said of a transport stream, so that each thing is said once, and what is counted at the first, the tenth, the hundredth.
struct TransportTold: Sendable {
  private var counts: [StreamDefect.Kind: [MediaTrack?: Int]] = [:]
  private var hasMap = false
  private var named: Set<MediaTrack> = []
  private var moves = 0
  private var isExhaustionTold = false

  /// What is to be said of a count: the first, and whenever there are ten times as many, and what it came to at the end.
  mutating func note(_ kind: StreamDefect.Kind, _ track: MediaTrack?, _ count: Int, isEnd: Bool) -> StreamDefect? {
    let last = counts[kind]?[track] ?? 0
    guard count > last, isEnd || last == 0 || count >= 10 * last else { return nil }
    counts[kind, default: [:]][track] = count
    return StreamDefect(kind, track, count: count)
  }

  /// Whether it is worth a word that the tracks are carried elsewhere now.
  mutating func takeMove() -> Bool {
    moves += 1
    return StreamDefect.isTold(moves)
  }

  /// Whether it was not yet said that there are too many changes.
  mutating func takeExhaustion() -> Bool {
    defer { isExhaustionTold = true }
    return !isExhaustionTold
  }

  /// Whether a map is the first.
  mutating func takeFirstMap() -> Bool {
    defer { hasMap = true }
    return !hasMap
  }

  /// Whether a track is named for the first time.
  mutating func takeFirst(_ track: MediaTrack) -> Bool { named.insert(track).inserted }
}

extension TransportSelector {
  /// Names a track that is announced and sends nothing, or nothing that can be decoded.
  mutating func tellSilence() {
    for (track, lane) in lanes where !lane.isReady && !lane.isSilenceTold && elapsed - lane.codedAt >= Self.longPatience {
      lanes[track]?.isSilenceTold = true
      out.append(.defect(StreamDefect(lane.isSending ? .noKeyFrame : .silent, track, seconds: Self.longPatience)))
    }
  }

  /// What is known only at the end.
  mutating func tellEnd() {
    for track in MediaTrack.allCases {
      guard let lane = lanes[track], !lane.isReady, !lane.isSilenceTold else { continue }
      // What is scrambled came, and is told of as that.
      if lane.isSending || lane.scrambled == 0 { out.append(.defect(StreamDefect(lane.isSending ? .noKeyFrame : .silent, track))) }
    }
  }
}
