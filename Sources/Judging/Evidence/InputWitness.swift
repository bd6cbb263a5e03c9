import Events
import MediaSync
import RunModel

/// What went into the pipeline: what our publisher did, what the media server received, and what the worker tells of its input.
struct InputWitness: Sendable {
  /// When our publisher began in the run; nil where it did not.
  private(set) var startedAt: RunInstant?
  /// How much of the fixture it has sent, in seconds of media.
  private(set) var mediaSeconds = 0.0
  private var earlier = 0.0
  private var current = 0.0
  /// Where it came to its end as asked for: how much it published, in seconds.
  private(set) var finished: Double?
  /// When it ended, however it did; nil while it runs.
  private(set) var endedAt: RunInstant?
  /// For how long a fault stopped it, in seconds, and since when it does.
  private var stopped: (seconds: Double, since: RunInstant?) = (0, nil)
  /// When it published nothing between two starts, or after its end, the first times of very many.
  private var pauses: [(from: RunInstant, to: RunInstant?)] = []
  /// Why it broke off and was not asked to, first of all.
  private(set) var failure: String?
  /// Bytes that the media server received for an input path, first and last seen.
  private(set) var received: [String: (first: UInt64, last: UInt64)] = [:]
  /// Segments that the worker says it cut; audio and video of one count once.
  private(set) var segmentsIn = 0
  private var indexes: Set<Int> = []
  /// When they were cut, the last ones of very many.
  private var cuts: [RunInstant] = []
  private var omittedCuts = 0
  /// Fragments that the worker says it sent.
  private(set) var fragmentsSent = 0
  /// Whether a counter of segments or fragments rose.
  private(set) var countedSegments = false
  private var counted: [SignalID: Double] = [:]
  private var length = SegmentLength()

  /// For how long it was stopped by a fault, up to a moment, in seconds.
  func stoppedSeconds(until end: RunInstant) -> Double { stopped.seconds + max(0, stopped.since.map { end.seconds(since: $0) } ?? 0) }

  /// How long a segment lasts by what the worker tells of them (those of 1 to 60 s), in seconds; nil where it tells no length.
  var segmentSeconds: Double? { length.seconds }

  /// For how long something was published between two moments, in seconds, and in how many pieces; nil where we publish nothing.
  func published(from: RunInstant, to end: RunInstant) -> (seconds: Double, pieces: Int)? {
    guard let startedAt else { return nil }
    let all = end.seconds(since: max(from, startedAt))
    let within = pauses.filter { $0.from < end && ($0.to ?? end) > from }
    let silent = within.reduce(0) { $0 + min(end, $1.to ?? end).seconds(since: max(from, $1.from)) }
    return (max(0, all - silent), 1 + within.count { $0.to.map { $0 < end } ?? false } + (startedAt > from ? 1 : 0))
  }

  private mutating func pause(at instant: RunInstant) {
    endedAt = instant
    if pauses.count < 256, pauses.last.map({ $0.to != nil }) ?? true { pauses.append((instant, nil)) }
  }

  mutating func note(_ publisher: PublisherHappening, isAsked: Bool, at instant: RunInstant) {
    switch publisher {
    case .started:
      if let last = pauses.indices.last, pauses[last].to == nil { pauses[last].to = instant }
      startedAt = startedAt ?? instant
      endedAt = nil
      if let since = stopped.since { stopped = (stopped.seconds + instant.seconds(since: since), nil) }
    case .looped: break
    case .finished(let seconds):
      finished = seconds
      current = max(current, seconds)
      mediaSeconds = earlier + current
      pause(at: instant)
    case .stopped:
      // By us: nobody else stops it.
      stopped = (stopped.seconds, instant)
      pause(at: instant)
    case .failed(let reason):
      if !isAsked, failure == nil { failure = reason }
      pause(at: instant)
    }
  }

  /// Each start of the publisher counts from 0.
  mutating func note(_ sample: PublisherSample) {
    if sample.mediaSeconds < current { earlier += current }
    current = sample.mediaSeconds
    mediaSeconds = earlier + current
  }

  mutating func note(_ paths: [MediaPath]) {
    for path in paths where ServiceName(path.name).isInputStream && (received.count < 64 || received[path.name] != nil) {
      received[path.name] = (received[path.name]?.first ?? path.bytesReceived, path.bytesReceived)
    }
  }

  /// How many segments were cut by a moment.
  func segments(before instant: RunInstant) -> Int { omittedCuts + cuts.count { $0 <= instant } }

  private mutating func noteCut(at instant: RunInstant) {
    segmentsIn += 1
    if cuts.count == 4096 {
      cuts.removeFirst(2048)
      omittedCuts += 2048
    }
    cuts.append(instant)
  }

  mutating func note(_ segment: SegmentHappening, at instant: RunInstant) {
    length.note(segment)
    guard segment.direction == .input else { return }
    guard let index = segment.index else { return noteCut(at: instant) }
    if indexes.count > 4096 { indexes.removeAll() }
    if indexes.insert(index).inserted { noteCut(at: instant) }
  }

  /// Takes in what the worker counts.
  mutating func note(_ sample: MetricsSample) {
    for signal in [SignalID.fragmentsSent, .segmentsAudio] {
      guard let value = sample.signals[signal]?.number, value.isFinite else { continue }
      if let before = counted[signal], value > before { countedSegments = true }
      counted[signal] = value
    }
  }

  mutating func noteSent() { fragmentsSent += 1 }

  /// A worker that begins anew counts from 0 again.
  mutating func restart() { indexes.removeAll() }

  /// What shows that something went in: "60 s were published", "12 segments were cut"; nil where nothing does.
  var evidence: String? {
    if startedAt != nil, mediaSeconds > 0 { return "\(Figure.seconds(mediaSeconds)) were published" }
    if let path = received.first(where: { $0.value.last > $0.value.first }) {
      return "\(path.key) received \(Figure.bytes(Int(clamping: path.value.last - path.value.first)))"
    }
    if segmentsIn > 0 { return "the worker cut \(Figure.count(segmentsIn, "segment"))" }
    if countedSegments { return "the worker counts what it sends" }
    if fragmentsSent > 0 { return "the worker sent \(Figure.count(fragmentsSent, "fragment"))" }
    return nil
  }
}
