import Contracts
import Events
import MediaSync
import RunModel
import TerminalCanvas

/// What the sync pane shows of one stream, worked out once a frame.
struct SyncView {
  /// The figure that the ribbon shows.
  let figure: SyncFigure
  let track: StreamTrack
  let segments: SyncSegments
  /// Rolling figures of what the ribbon shows, over one width of the axes; nil while there is none.
  let summary: SyncSummary?
  /// Segments scored so far, of the shown figure, and how many of them lie within the threshold.
  let scored: (count: Int, within: Int)
  /// The newest timestamp alignment.
  let alignment: Timed<SyncMeasurement>?
  /// How old the newest value is, in seconds, when it is too old to be shown as current.
  let staleSeconds: Double?

  init(_ track: StreamTrack, _ scene: Scene) {
    self.track = track
    let limit = scene.thresholds.syncMilliseconds
    let segment = max(1, scene.thresholds.segmentSeconds)
    segments = SyncSegments(track)
    alignment = track.alignments.last
    let marks = track.marks.filter(\.value.isScored).map { Timed($0.value.offsetMilliseconds, at: $0.at) }
    let offsets = track.contentOffsets.map { Timed($0.value.offsetMilliseconds, at: $0.at) }
    let deltas = track.alignments.map { Timed($0.value.deltaMilliseconds, at: $0.at) }
    let hasContent = !marks.isEmpty || !offsets.isEmpty
    let isSearched: Bool
    switch track.content {
    case .found, .searching: isSearched = true
    case .off, .noMarks, .outOfRange: isSearched = false
    }
    let usesContent = hasContent && isSearched || deltas.isEmpty && (hasContent || isSearched)
    figure = usesContent ? .content : .alignment
    let points = usesContent ? (marks.isEmpty ? offsets : marks) : deltas
    let finite = points.filter(\.value.isFinite)
    let recent = finite.filter { scene.now.seconds(since: $0.at) <= scene.ui.windowSeconds }
    summary = SyncSummary(recent.isEmpty ? finite : recent, thresholdMilliseconds: limit)
    let values = (usesContent ? offsets : deltas).map(\.value)
    scored = (values.count, values.reduce(0) { $0 + (abs($1) < limit ? 1 : 0) })
    let patience = usesContent && !marks.isEmpty ? segment : 3 * segment
    let age = points.last.map { scene.now.seconds(since: $0.at) }
    staleSeconds = age.flatMap { $0 > patience ? $0 : nil }
  }

  /// The share of the scored segments within the threshold, 0 to 1; nil before the first.
  var share: Double? { scored.count > 0 ? Double(scored.within) / Double(scored.count) : nil }

  /// Why nothing comes, or may not come: the stream's own state in words; nil while packets come.
  func trouble(_ scene: Scene) -> (words: String, role: Role)? {
    let source = scene.run.sources[SourceID(.stream, track.name)]
    // An expected end is no failure.
    let isEnd = scene.run.isPartOfOutputEnd(track.closed?.at ?? track.stalledSince)
    if case .failing(let reason, let failures, let retry) = source?.status.standing {
      let rest = retry - scene.now.seconds(since: source?.updatedAt ?? scene.now)
      let again = rest > 0 ? "again in \(Format.wholeAge(rest))" : "trying again"
      let state = track.closed == nil ? "not open" : "closed"
      return ("\(state), \(again): \(reason)\(failures > 1 ? " ×\(failures)" : "")", isEnd ? .dim : .bad)
    }
    if track.opened == nil, let closed = track.closed { return ("stream closed: \(closed.value)", isEnd ? .dim : .bad) }
    if case .ended(let reason) = source?.status.standing { return ("stream ended: \(reason)", .warning) }
    if let since = track.stalledSince {
      return ("stalled for \(Format.wholeAge(scene.now.seconds(since: since)))", isEnd ? .dim : .bad)
    }
    if track.opened == nil, track.facts == nil { return ("waiting for the stream", .dim) }
    if let sample = track.sample {
      let age = scene.now.seconds(since: sample.at)
      let limit = Staleness.limit(intervalSeconds: source?.status.intervalSeconds ?? 1, speed: scene.run.speed)
      if age > limit { return ("no word of it for \(Format.wholeAge(age))", .warning) }
    }
    return nil
  }

  /// Why there is no content offset, in words; nil while it is measured.
  func contentTrouble(_ scene: Scene) -> String? {
    switch track.content {
    case .found: nil
    case .searching: summary == nil || figure != .content ? "searching for marks" : nil
    case .noMarks: "no marks"
    case .outOfRange: "out of range, beyond ±3 s"
    case .off:
      (scene.run.description?.speed ?? 1) > ContentState.speedLimit
        ? "off above \(Format.number(ContentState.speedLimit))x" : "not searched"
    }
  }

  /// "h264 1280x720 30 fps, aac 48 kHz -23.0 LUFS, 1.9 Mb/s".
  var facts: String {
    guard let facts = track.facts else { return "" }
    var video: [String] = []
    if let codec = facts.videoCodec { video.append(codec) }
    if let width = facts.width, let height = facts.height { video.append("\(width)x\(height)") }
    if let rate = track.sample?.value.framesPerSecond ?? facts.framesPerSecond { video.append("\(Format.fixed(rate, 0)) fps") }
    var audio: [String] = []
    if let codec = facts.audioCodec { audio.append(codec) }
    if let rate = facts.sampleRate { audio.append("\(Format.number(Double(rate) / 1000)) kHz") }
    if let loudness = track.sample?.value.quality?.integratedLUFS { audio.append("\(Format.fixed(loudness, 1)) LUFS") }
    let tracks = [
      video.isEmpty ? "no video" : video.joined(separator: " "), audio.isEmpty ? "no audio" : audio.joined(separator: " "),
    ]
    return (tracks + (track.bitRates.last.map { [Format.bitRate($0.value)] } ?? [])).joined(separator: ", ")
  }
}
