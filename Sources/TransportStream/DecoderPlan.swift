import MediaSync

/// Which decoder gets a packet, and when the next one begins: pure.
struct DecoderPlan: Sendable {
  enum Place { case decoder, hold, nowhere }

  struct Next {
    var tracks: [MediaTrack: TransportTrack]
    var heldSeconds: Double
    var bytes: [UInt8]
  }

  /// What waits for the next decoder.
  var held: [UInt8] = []
  /// Whether a decoder has begun.
  private(set) var hasDecoder = false
  /// What the decoder at hand reads, with how it is coded.
  private var reads: [MediaTrack: UInt8] = [:]
  /// Tracks of the decoder at hand whose unit is not at its end, while another one waits.
  private var kept: Set<MediaTrack> = []
  /// Tracks that the next one gets; nil while the decoder at hand is enough.
  private var joining: Set<MediaTrack>?
  private var beginsAt = 0.0
  /// Which packets of what waits are of which track.
  private var order: [MediaTrack] = []
  private var count = 0
  /// How many units of each track wait, from the first at which a decoder can begin.
  private var units: [MediaTrack: Int] = [:]

  /// How many of them make sure that the first is whole: where a unit ends shows the next one, and a decoder looks one further.
  private static let wholeUnits: [MediaTrack: Int] = [.video: 3, .audio: 2]

  var isExhausted: Bool { count >= TransportSelector.mostDecoders }

  /// Where a packet goes.
  mutating func place(
    _ track: MediaTrack, isEntry: Bool, beginsUnit: Bool, ready: [MediaTrack: TransportTrack], at elapsed: Double
  ) -> Place {
    guard hasDecoder else {
      if held.isEmpty { beginsAt = elapsed }
      return .hold
    }
    let isRead = reads[track] != nil && reads[track] == ready[track]?.streamType
    if joining == nil {
      if isRead { return .decoder }
      // Of what cannot be decoded yet nothing is kept.
      guard isEntry, ready[track] != nil, !isExhausted else { return .nowhere }
      joining = [track]
      kept = Set(reads.keys.filter { reads[$0] == ready[$0]?.streamType })
      beginsAt = elapsed
      return .hold
    }
    guard isRead else {
      if joining?.contains(track) == true, ready[track] != nil { return .hold }
      guard isEntry, ready[track] != nil else { return .nowhere }
      joining?.insert(track)
      return .hold
    }
    guard kept.contains(track) else { return .hold }
    // Where no key frame comes for long, any unit is as good.
    guard isEntry || beginsUnit && isOverdue(elapsed) else { return .decoder }
    kept.remove(track)
    return .hold
  }

  /// A packet was added to what waits.
  mutating func noteHeld(_ track: MediaTrack, isEntry: Bool, beginsUnit: Bool) {
    order.append(track)
    if let before = units[track] {
      if beginsUnit { units[track] = before + 1 }
    } else if isEntry {
      units[track] = 1
    }
  }

  /// The decoder at hand has failed: another one begins, of what comes next.
  mutating func restart() {
    (held, order, units, joining, kept, reads) = ([], [], [:], nil, [], [:])
    hasDecoder = false
  }

  private func isWhole(_ ready: [MediaTrack: TransportTrack]) -> Bool {
    ready.keys.allSatisfy { track in units[track].map { $0 >= Self.wholeUnits[track] ?? 1 } ?? true }
  }

  /// Whether something waits for a decoder.
  var isWaiting: Bool { !order.isEmpty }

  private func isOverdue(_ elapsed: Double) -> Bool {
    held.count >= TransportSelector.holdBytes || elapsed - beginsAt >= TransportSelector.longPatience
  }

  /// The decoder to begin now; nil while there is none.
  mutating func next(
    announced: Set<MediaTrack>, sending: Set<MediaTrack>, ready: [MediaTrack: TransportTrack], at elapsed: Double, isForced: Bool
  ) -> Next? {
    if hasDecoder {
      guard joining != nil else { return nil }
      kept = kept.filter { reads[$0] == ready[$0]?.streamType }
      // Twice the limit: a track that sends nothing more never comes to the begin of a unit.
      let isLost = held.count >= 2 * TransportSelector.holdBytes || elapsed - beginsAt >= 2 * TransportSelector.longPatience
      guard kept.isEmpty && isWhole(ready) || isForced || isLost else { return nil }
      if let next = begin(ready, elapsed) { return next }
      // Nothing that waits can be decoded any more: it must not gather.
      if isLost { (held, order, units, joining, kept) = ([], [], [:], nil, []) }
      return nil
    }
    let waited = elapsed - beginsAt
    let isComplete = announced.isSubset(of: Set(ready.keys))
    let isPatient = waited < TransportSelector.patience || !sending.isSubset(of: Set(ready.keys))
    guard (isComplete || !isPatient) && isWhole(ready) || isOverdue(elapsed) || isForced else { return nil }
    guard !ready.isEmpty else {
      // Nothing of it can be decoded: it must not gather.
      if isOverdue(elapsed) { (held, order) = ([], []) }
      return nil
    }
    return begin(ready, elapsed)
  }

  private mutating func begin(_ ready: [MediaTrack: TransportTrack], _ elapsed: Double) -> Next? {
    // A track that does not send now would keep the decoder from beginning.
    let tracks = ready.filter { order.contains($0.key) }
    guard !tracks.isEmpty else { return nil }
    var bytes = held
    if order.contains(where: { tracks[$0] == nil }) {
      let size = TransportPacketReader.packetSize
      bytes = []
      for (index, track) in order.enumerated() where tracks[track] != nil { bytes += held[(index * size)..<((index + 1) * size)] }
    }
    (held, order, units, joining, kept) = ([], [], [:], nil, [])
    reads = tracks.mapValues(\.streamType)
    hasDecoder = true
    count += 1
    return Next(tracks: tracks, heldSeconds: elapsed - beginsAt, bytes: bytes)
  }
}
