import MediaSync
import ProcessGuard
import WireFormats

/// What one reader after the other says of a stream, as facts and happenings; no clock, no child.
struct StreamReading: Sendable {
  /// Lines of packets that wait for what the log says of the input; then they are read without.
  static let patience = 4000

  private(set) var analysis: StreamAnalysis
  private(set) var facts: StreamFacts?
  /// Whether a packet has come since the stream was opened.
  private(set) var isOpen = false
  private(set) var log = FFmpegLog()
  /// How many packets the reader has told of.
  private(set) var packetCount = 0

  /// A track of which nothing came although it is announced, so that the reader could not go on.
  private(set) var silentTrack: MediaTrack?
  /// Tracks that came to the stream after the reader had looked at it, and their first decoding times in seconds, where they are told.
  private(set) var newTracks: [MediaTrack: Double?] = [:]
  /// Whether a track of this kind is read.
  func reads(_ track: MediaTrack) -> Bool { tracks.values.contains(track) }
  /// Whether the container names more tracks of a kind than are read, of which nothing was seen when it was opened: those of a later map.
  func hasUnseenTrack(_ track: MediaTrack) -> Bool { input.tracks.contains { $0.kind == track.rawValue && !$0.isSeen } }

  /// Whether the reader has named a track, even if it then could not go on.
  var hasSeenTracks: Bool { input.facts.videoCodec != nil || input.facts.audioCodec != nil }

  private var isFirst = true
  private let chosenAudio: Int
  /// Every track of the stream and which audio track is read of them, where we know better than the reader.
  private var listed: (tracks: [TrackFacts], audioIndex: Int)?
  private var output = LineAssembler(limit: 4096)
  private var errors = LineAssembler(limit: 4096)
  private var input = InputDescription()
  private var early: [String] = []
  private var headers: [Int: [String: String]] = [:]
  private var tracks: [Int: MediaTrack] = [:]
  private var videoBase: TimeBase?
  private var frame: (ticks: Int64, seconds: Double)?
  private var piece: (ticks: Int64, seconds: Double)?
  /// How often the piece of sound at hand crosses zero; nil before that was told.
  private var crossings: (ticks: Int64, count: Double)?
  /// The brightest point of the frame at hand and how it differs from the one before, each under its time.
  private var peak: (ticks: Int64, value: Double)?
  private var change: (ticks: Int64, value: Double)?
  /// Whether lines of a filter's summary come, which have no level of their own.
  private var isSummary = false
  private var squares = SquareCollector()
  /// When what is read at hand came.
  private var arrival: Double?

  /// - Parameter audioIndex: which of the audio tracks is read, from 0.
  init(rhythm: MarkRhythm?, mediaLimit: Double? = nil, audioIndex: Int = 0) {
    analysis = StreamAnalysis(rhythm: rhythm)
    analysis.mediaLimit = mediaLimit
    chosenAudio = audioIndex
    input.audioIndex = audioIndex
  }

  /// A new reader begins.
  mutating func begin() -> [StreamHappening] {
    let out = isFirst ? [] : analysis.reopen()
    renew()
    return out
  }

  /// A new reader begins where the one before has ended: the stream goes on.
  mutating func goOn() {
    let listed = listed
    renew()
    if let listed { list(listed.tracks, audioIndex: listed.audioIndex) }
  }

  /// Every track of the stream: the reader gets only those that are read.
  mutating func list(_ tracks: [TrackFacts], audioIndex: Int) {
    listed = (tracks, audioIndex)
    input.audioIndex = 0
  }

  private mutating func renew() {
    var next = StreamReading(rhythm: nil, audioIndex: chosenAudio)
    next.analysis = analysis
    next.facts = facts
    next.isFirst = false
    self = next
  }

  /// Takes in what the reader wrote.
  /// - Parameter arrival: when, in seconds on the run's axis; nil where that means nothing.
  mutating func take(_ bytes: [UInt8], _ channel: GuardedProcess.Channel, arrival: Double? = nil) -> [StreamHappening] {
    self.arrival = arrival
    var lines: [String] = []
    var out: [StreamHappening] = []
    switch channel {
    case .standardOutput:
      output.append(bytes, to: &lines)
      if input.isComplete || early.count > Self.patience {
        for line in early + lines { note(line, &out) }
        early = []
      } else {
        early += lines
      }
    case .standardError:
      errors.append(bytes, to: &lines)
      for line in lines { noteError(line, &out) }
      if input.isComplete, !early.isEmpty {
        for line in early { note(line, &out) }
        early = []
      }
    }
    return out
  }

  /// The reader has ended: what waits is read, and what can be settled is.
  mutating func end(isLast: Bool) -> [StreamHappening] {
    var out: [StreamHappening] = []
    if let rest = errors.finish() { noteError(rest, &out) }
    for line in early { note(line, &out) }
    early = []
    if isLast { out += analysis.finish() }
    isOpen = false
    return out
  }

  private mutating func noteError(_ line: String, _ out: inout [StreamHappening]) {
    switch ProbeLine(line) {
    case .frame(let ticks, let seconds)?: piece = (ticks, seconds)
    case .crossings(let count)?: crossings = piece.map { ($0.ticks, count) }
    case .level(let level)?:
      if let piece {
        // Crossings and level of one piece come under the same time.
        let count = crossings.flatMap { $0.ticks == piece.ticks ? $0.count : nil }
        out += analysis.add(level: level, crossings: count, at: time(piece, base: TimeBase(1, ProbeCommandLine.levelRate)))
      }
      piece = nil
    case .momentary(let loudness)?: analysis.add(momentary: loudness)
    case .integrated(let loudness)?: analysis.add(integrated: loudness)
    default:
      if line.contains("ebur128"), line.hasSuffix("Summary:") { isSummary = true }
      if isSummary, !line.hasPrefix("[") || line.hasSuffix("Summary:") { return }
      isSummary = false
      if !input.isComplete { input.note(line) }
      if let track = FFmpegWords.newTrack(line) { newTracks[track.track] = newTracks[track.track] ?? track.seconds }
      silentTrack = silentTrack ?? FFmpegWords.silentTrack(line)
      log.note(line)
    }
  }

  private mutating func note(_ line: String, _ out: inout [StreamHappening]) {
    switch ProbeLine(line) {
    case .header(let name, let stream, let value)?: headers[stream, default: [:]][name] = value
    case .packet(let stream, let pts, let dts, let isKeyFrame, let byteCount)?:
      if !isOpen { open(&out) }
      packetCount += 1
      guard let track = tracks[stream] else { return }
      out += analysis.add(RawPacket(track, pts: pts, dts: dts, isKeyFrame: isKeyFrame, byteCount: byteCount), arrival: arrival)
    case .frame(let ticks, let seconds)?: frame = (ticks, seconds)
    case .brightness(let brightness)?:
      if let frame {
        let found = [peak, change].map { $0.flatMap { $0.ticks == frame.ticks ? $0.value : nil } }
        out += analysis.add(brightness: brightness, peak: found[0], change: found[1], at: time(frame, base: videoBase))
      }
      frame = nil
    case .square(let brightness)?:
      if let frame, let picture = squares.add(brightness, at: frame) {
        analysis.add(squares: picture.squares, at: time(picture.stamp, base: videoBase))
      }
      frame = nil
    case .peak(let value)?: peak = frame.map { ($0.ticks, value) }
    case .change(let value)?: change = frame.map { ($0.ticks, value) }
    case .level?, .crossings?, .momentary?, .integrated?, nil: break
    }
  }

  /// Ticks are exact, seconds are printed with six digits; but only seconds say for sure what a tick is.
  private func time(_ stamp: (ticks: Int64, seconds: Double), base: TimeBase?) -> Double {
    guard let base else { return stamp.seconds }
    let exact = base.seconds(stamp.ticks)
    return abs(exact - stamp.seconds) <= 0.001 + abs(exact) * 1e-5 ? exact : stamp.seconds
  }

  /// The first packet: what the reader knows of the stream by now is what there is.
  private mutating func open(_ out: inout [StreamHappening]) {
    isOpen = true
    var found = input.facts
    var bases: [MediaTrack: TimeBase] = [:]
    for (stream, header) in headers {
      guard let track = header["media_type"].flatMap({ MediaTrack(rawValue: $0) }) else { continue }
      tracks[stream] = track
      bases[track] = header["tb"].flatMap(Self.base)
      switch track {
      case .video:
        found.videoCodec = header["codec_id"] ?? found.videoCodec
        let size = header["dimensions"]?.split(separator: "x").compactMap { Int($0) } ?? []
        if size.count == 2, size[0] > 0, size[1] > 0 { (found.width, found.height) = (size[0], size[1]) }
        videoBase = bases[track]
      case .audio:
        found.audioCodec = header["codec_id"] ?? found.audioCodec
        if let rate = header["sample_rate"].flatMap({ Int($0) }), rate > 0 { found.sampleRate = rate }
      }
    }
    found.claimedSeconds = input.claimedSeconds
    found.tracks = listed?.tracks ?? input.tracks
    let audioIndex = listed?.audioIndex ?? input.audioIndex
    found.audioIndex = audioIndex == 0 ? nil : audioIndex
    if let listed {
      // Announced, though the reader has not got it.
      found.videoCodec = found.videoCodec ?? listed.tracks.first { $0.kind == "video" }.map { $0.codec ?? "unknown" }
      let audio = listed.tracks.filter { $0.kind == "audio" }
      if audio.indices.contains(audioIndex) { found.audioCodec = found.audioCodec ?? audio[audioIndex].codec ?? "unknown" }
    }
    facts = found
    analysis.describe(container: found.container, bases: bases)
    out.append(.opened(found))
  }

  private static func base(_ text: String) -> TimeBase? {
    let parts = text.split(separator: "/").compactMap { Int64($0) }
    return parts.count == 2 ? TimeBase(parts[0], parts[1]) : nil
  }
}
