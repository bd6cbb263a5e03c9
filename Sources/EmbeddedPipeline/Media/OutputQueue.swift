import Events

/// What waits until it leaves: pictures, and audio by segments, whose audio is the original until a dubbed one has come. Pure.
struct OutputQueue: Sendable {
  /// A segment's audio.
  struct AudioSegment: Sendable {
    enum Decision: Sendable { case open, original, dubbed }
    let index: Int
    var decision: Decision
    var frames: FIFO<PacedUnit>
    /// Audio from here on belongs to the next segment.
    let end: Int64
  }

  private(set) var video = FIFO<PacedUnit>()
  private(set) var segments: [AudioSegment] = []
  private(set) var byteCount = 0
  /// The audio as it came, for what is still to be sent.
  private var originals: [Int: [[UInt8]]] = [:]

  /// When the first of what waits leaves.
  var firstDue: RunInstant? {
    [video.first?.due, segments.first?.frames.first?.due].compactMap { $0 }.min()
  }

  /// When the last of what waits leaves.
  var lastDue: RunInstant? {
    [video.last?.due, segments.last?.frames.last?.due].compactMap { $0 }.max()
  }

  mutating func append(video item: PacedUnit) {
    video.append(item)
    byteCount += item.unit.payload.count
  }

  mutating func append(_ segment: MediaSegment, frameTicks: Int64) {
    guard let last = segment.audio.last else { return }
    var frames = FIFO<PacedUnit>()
    for item in segment.audio { frames.append(item) }
    segments.append(AudioSegment(index: segment.info.index, decision: .open, frames: frames, end: last.unit.pts + frameTicks))
    originals[segment.info.index] = segment.audio.map(\.unit.payload)
    byteCount += segment.info.audioBytes
  }

  /// Audio that belongs to the last segment and leaves as it is.
  mutating func append(tail: [PacedUnit]) {
    guard let last = tail.last else { return }
    var frames = FIFO<PacedUnit>()
    for item in tail {
      frames.append(item)
      byteCount += item.unit.payload.count
    }
    segments.append(AudioSegment(index: -1, decision: .original, frames: frames, end: last.unit.pts + 1))
  }

  /// A segment's audio as it came; nil when it has left.
  func original(_ index: Int) -> [[UInt8]]? { originals[index] }

  /// What a segment's audio shall be: other frames, each `frameTicks` long, or nil for what came. Without effect once it began to leave.
  mutating func decide(_ index: Int, dubbed: [[UInt8]]?, frameTicks: Int64) {
    guard let position = segments.firstIndex(where: { $0.index == index && $0.decision == .open }) else { return }
    guard let dubbed, let first = segments[position].frames.first else {
      segments[position].decision = .original
      return
    }
    var frames = FIFO<PacedUnit>()
    let isSameCount = dubbed.count == segments[position].frames.count
    for (number, payload) in dubbed.enumerated() {
      var item = first
      if isSameCount, let original = segments[position].frames.popFirst() {
        byteCount -= original.unit.payload.count
        item = original
      } else {
        item.unit.pts = first.unit.pts + Int64(number) * frameTicks
        item.unit.dts = item.unit.pts
        item.due = first.due.advanced(bySeconds: MediaTicks.seconds(item.unit.pts - first.unit.pts))
        guard item.unit.pts < segments[position].end else { break }
      }
      item.unit.payload = payload
      byteCount += payload.count
      frames.append(item)
    }
    while let left = segments[position].frames.popFirst() { byteCount -= left.unit.payload.count }
    segments[position].frames = frames
    segments[position].decision = .dubbed
  }

  /// The next unit that is due, of both tracks the earlier one; `audioDelaySeconds` is how much later audio leaves than it is due.
  /// - Returns: the unit, and the segment that is now locked to its original because nothing was decided.
  mutating func pop(at now: RunInstant, audioDelaySeconds: Double) -> (unit: MediaUnit, locked: Int?)? {
    while let first = segments.first, first.frames.isEmpty { remove(first) }
    let video = video.first?.due
    let audio = segments.first?.frames.first?.due.advanced(bySeconds: audioDelaySeconds)
    if let audio, audio <= now, audio <= video ?? audio {
      var locked: Int?
      if segments[0].decision == .open {
        segments[0].decision = .original
        locked = segments[0].index
      }
      guard let item = segments[0].frames.popFirst() else { return nil }
      byteCount -= item.unit.payload.count
      if segments[0].frames.isEmpty { remove(segments[0]) }
      return (item.unit, locked)
    }
    guard let video, video <= now, let item = self.video.popFirst() else { return nil }
    byteCount -= item.unit.payload.count
    return (item.unit, nil)
  }

  private mutating func remove(_ segment: AudioSegment) {
    originals[segment.index] = nil
    segments.removeFirst()
  }
}
