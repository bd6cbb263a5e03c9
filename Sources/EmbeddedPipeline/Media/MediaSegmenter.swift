import Events
import MediaSync

/// A segment with its audio as it came.
struct MediaSegment: Sendable, Equatable {
  var info: Segment
  /// The AAC frames whose time lies in it, in order.
  var audio: [PacedUnit]
}

/// Cuts an input into segments by the video's presentation times. Pure.
///
/// The grid begins at the first key frame with both tracks present. A segment is cut when both tracks have passed its end, or one has
/// by a second. Audio belongs where its time lies; what lies before the grid is dropped.
struct MediaSegmenter: Sendable {
  enum Event: Sendable, Equatable {
    /// A picture goes to the output.
    case video(PacedUnit)
    case cut(MediaSegment)
    /// Audio at the end of the input, too short for a segment: it belongs to the last one, as it is.
    case tail([PacedUnit])
    /// The grid begins; false when no audio came.
    case began(hasAudio: Bool)
  }

  /// How long a key frame waits for the first audio, in seconds.
  static let audioWaitSeconds = 5.0
  /// A track this far beyond a segment's end cuts it alone, in seconds.
  static let patienceSeconds = 1.0
  /// What is shorter joins the segment before, in seconds.
  static let tailSeconds = 1.0
  private static let waitingUnits = 4000

  private struct Builder {
    let place: Int64
    var videoFrames = 0
    var videoBytes = 0
    var videoStart: Int64?
    var videoDue: RunInstant?
    var audio: [PacedUnit] = []
    var end: Int64
  }

  let segmentTicks: Int64
  /// How long an audio frame lasts.
  var audioFrameTicks: Int64
  private var origin: Int64?
  private var hasAudio = false
  private var waiting: [PacedUnit] = []
  private var builders: [Builder] = []
  private var reached: [MediaTrack: Int64] = [:]
  private var nextPlace: Int64 = 0
  private var nextIndex = 0
  private var needsKey = false
  private var lastVideoStep: Int64 = 3000
  private var lastVideoDTS: Int64?

  init(segmentSeconds: Double, audioFrameTicks: Int64 = 1920) {
    segmentTicks = max(1, MediaTicks.ticks(seconds: segmentSeconds))
    self.audioFrameTicks = audioFrameTicks
  }

  /// Whether the grid has begun.
  var hasGrid: Bool { origin != nil }

  /// Decoding cannot go on from here: pictures are dropped until one that it can begin with.
  mutating func expectKeyFrame() { needsKey = true }

  /// Takes a unit on the axis.
  mutating func add(_ item: PacedUnit, at now: RunInstant) -> [Event] {
    if item.unit.track == .video, needsKey {
      guard item.unit.isKey else { return [] }
      needsKey = false
    }
    guard origin != nil else { return awaitGrid(item, at: now) }
    return take(item) + cut(at: now)
  }

  /// The input has ended or is lost: gives out what is left. The next unit begins a new grid.
  mutating func flush(at now: RunInstant) -> [Event] {
    var events: [Event] = []
    if origin == nil, let key = waiting.first(where: { $0.unit.track == .video })?.unit {
      events += begin(at: key.pts, hasAudio: waiting.contains { $0.unit.track == .audio })
    }
    if let last = builders.last {
      let start = last.place * segmentTicks + (origin ?? 0)
      if MediaTicks.seconds(last.end - start) < Self.tailSeconds {
        if builders.count > 1 {
          builders.removeLast()
          merge(last, into: builders.count - 1)
        } else if nextIndex > 0 {
          builders.removeLast()
          if !last.audio.isEmpty { events.append(.tail(last.audio)) }
        }
      }
    }
    while let first = builders.first {
      builders.removeFirst()
      events.append(.cut(segment(first, at: now)))
    }
    origin = nil
    waiting = []
    reached = [:]
    nextPlace = 0
    needsKey = true
    lastVideoDTS = nil
    return events
  }

  /// Before the grid begins: it needs a key frame, and audio from there on.
  private mutating func awaitGrid(_ item: PacedUnit, at now: RunInstant) -> [Event] {
    let isVideoThere = waiting.contains { $0.unit.track == .video }
    if item.unit.track == .video, !isVideoThere, !item.unit.isKey { return [] }
    waiting.append(item)
    guard let key = waiting.first(where: { $0.unit.track == .video })?.unit else {
      if waiting.count > Self.waitingUnits { waiting.removeFirst(Self.waitingUnits / 2) }
      return []
    }
    let audio = waiting.lazy.filter { $0.unit.track == .audio && $0.unit.pts >= key.pts }.map(\.unit.pts).min()
    if let audio {
      let keys = waiting.lazy.filter { $0.unit.isKey && $0.unit.track == .video && $0.unit.pts <= audio }
      return begin(at: keys.map(\.unit.pts).max() ?? key.pts, hasAudio: true) + cut(at: now)
    }
    guard MediaTicks.seconds(item.unit.dts - key.dts) > Self.audioWaitSeconds || waiting.count > Self.waitingUnits else { return [] }
    return begin(at: key.pts, hasAudio: false) + cut(at: now)
  }

  private mutating func begin(at pts: Int64, hasAudio: Bool) -> [Event] {
    origin = pts
    self.hasAudio = hasAudio
    let items = waiting
    waiting = []
    return [.began(hasAudio: hasAudio)] + items.flatMap { take($0) }
  }

  private mutating func take(_ item: PacedUnit) -> [Event] {
    guard let origin else { return [] }
    let unit = item.unit
    reached[unit.track] = max(reached[unit.track] ?? .min, unit.track == .video ? unit.dts : unit.pts)
    guard unit.pts >= origin else { return [] }
    let place = max((unit.pts - origin) / segmentTicks, nextPlace)
    let position = builder(at: place)
    switch unit.track {
    case .video:
      if let last = lastVideoDTS, unit.dts > last, unit.dts - last < MediaTicks.perSecond { lastVideoStep = unit.dts - last }
      lastVideoDTS = unit.dts
      if builders[position].videoStart.map({ unit.pts < $0 }) ?? true { builders[position].videoStart = unit.pts }
      if builders[position].videoDue == nil { builders[position].videoDue = item.due }
      builders[position].videoFrames += 1
      builders[position].videoBytes += unit.payload.count
      builders[position].end = max(builders[position].end, unit.pts + lastVideoStep)
      return [.video(item)]
    case .audio:
      hasAudio = true
      builders[position].audio.append(item)
      builders[position].end = max(builders[position].end, unit.pts + audioFrameTicks)
      return []
    }
  }

  private mutating func builder(at place: Int64) -> Int {
    if let position = builders.firstIndex(where: { $0.place == place }) { return position }
    let position = builders.firstIndex { $0.place > place } ?? builders.count
    builders.insert(Builder(place: place, end: (origin ?? 0) + place * segmentTicks), at: position)
    return position
  }

  private mutating func cut(at now: RunInstant) -> [Event] {
    guard let origin else { return [] }
    var events: [Event] = []
    let patience = MediaTicks.ticks(seconds: Self.patienceSeconds)
    while let first = builders.first {
      let end = origin + (first.place + 1) * segmentTicks
      let video = reached[.video] ?? .min
      let audio = hasAudio ? reached[.audio] ?? .min : video
      guard min(video, audio) >= end || max(video, audio) >= end + patience else { break }
      builders.removeFirst()
      nextPlace = first.place + 1
      events.append(.cut(segment(first, at: now)))
    }
    return events
  }

  private mutating func merge(_ tail: Builder, into position: Int) {
    builders[position].videoFrames += tail.videoFrames
    builders[position].videoBytes += tail.videoBytes
    builders[position].audio += tail.audio
    builders[position].end = max(builders[position].end, tail.end)
  }

  private mutating func segment(_ builder: Builder, at now: RunInstant) -> MediaSegment {
    defer { nextIndex += 1 }
    let start = (origin ?? 0) + builder.place * segmentTicks
    let videoStart = builder.videoStart ?? start
    let audioStart = builder.audio.first?.unit.pts ?? videoStart
    let due = [builder.audio.first?.due, builder.videoDue].compactMap { $0 }.min() ?? now
    let info = Segment(
      index: nextIndex, audioFrames: builder.audio.count, audioFrameSeconds: MediaTicks.seconds(audioFrameTicks),
      audioStart: MediaTicks.seconds(audioStart), videoStart: MediaTicks.seconds(videoStart), videoFrames: builder.videoFrames,
      audioBytes: builder.audio.reduce(0) { $0 + $1.unit.payload.count }, videoBytes: builder.videoBytes, cutAt: now, dueAt: due)
    return MediaSegment(info: info, audio: builder.audio)
  }
}
