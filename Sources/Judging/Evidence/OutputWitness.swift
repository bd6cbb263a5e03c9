import Events
import MediaSync
import RunModel

/// What came out of the pipeline: what was read of output streams, and what the worker claims.
struct OutputWitness: Sendable {
  /// What was read of one stream.
  struct Reading: Sendable {
    /// When its first packet came; nil before.
    var openedAt: RunInstant?
    /// Whether packets of both tracks were read.
    var hasBothTracks = false
    /// The newest sample of the reading that is under way.
    var sample: StreamSample?
    /// The first video time stamp seen, in seconds of the stream.
    var firstPTS: Double?
    /// Times in which it gave nothing although it had been open before; the last one may be open.
    var outages: [EvidenceGap] = []
    /// Holes in its video's presentation times, in seconds.
    var missing: [(at: RunInstant, seconds: Double)] = []
    /// Why it cannot be opened, as last said.
    var trouble: String?
    /// Whether it could not be opened before it was: its reader was there first.
    var wasAwaited = false
    /// Times in which its reader was not there: whether it went on is not known.
    var unread: [EvidenceGap] = []
    /// Video read before it was opened again, in seconds; negative for what was read before the run.
    var earlierSeconds = 0.0
    /// What was looked at and listened to before its reader began anew, in seconds; negative for what was before the run.
    var earlierLook = (picture: 0.0, sound: 0.0)
    /// Whether it was read already when the run began.
    var isJoined = false
    /// When a packet came last.
    var lastPacketAt: RunInstant?

    /// How much video was read, in seconds, without what was missing; nil for a stream that does not say how long its frames last.
    var videoSeconds: Double? {
      guard let sample, let rate = sample.facts?.framesPerSecond, rate > 0 else { return nil }
      return earlierSeconds + Double(sample.videoPackets) / rate
    }

    /// How much of its picture was looked at and of its sound listened to in the run, in seconds.
    var looked: (picture: Double, sound: Double) {
      let quality = sample?.quality
      return (earlierLook.picture + (quality?.pictureSeconds ?? 0), earlierLook.sound + (quality?.soundSeconds ?? 0))
    }
  }

  private(set) var streams: [ServiceName: Reading] = [:]
  /// Segments that the worker claims came out.
  private(set) var claimed = 0
  private var lastIndex: Int?

  /// The run begins: what was read before is not of it.
  mutating func begin(at instant: RunInstant) {
    for name in streams.keys {
      guard var reading = streams[name], reading.openedAt != nil else { continue }
      reading.earlierSeconds -= reading.videoSeconds ?? 0
      let looked = reading.looked
      reading.earlierLook = (reading.earlierLook.picture - looked.picture, reading.earlierLook.sound - looked.sound)
      reading.openedAt = instant
      reading.isJoined = true
      reading.outages.removeAll { $0.to != nil }
      for index in reading.outages.indices { reading.outages[index].from = instant }
      reading.missing = []
      reading.unread = []
      streams[name] = reading
    }
  }

  /// The stream of which the most was read; nil where none was.
  var best: (name: ServiceName, reading: Reading)? {
    streams.filter { $0.value.hasBothTracks }.max { ($0.value.videoSeconds ?? 0) < ($1.value.videoSeconds ?? 0) }
      .map { ($0.key, $0.value) }
  }

  /// The streams of which packets of both tracks were read.
  var read: [ServiceName] { streams.filter { $0.value.hasBothTracks }.map(\.key) }

  /// Which stream is watched and was never read, although another one was; nil for none.
  var unread: String? {
    guard let (name, reading) = streams.filter({ !$0.value.hasBothTracks }).min(by: { $0.key < $1.key }) else { return nil }
    return "the output stream \(name) was never read" + (reading.trouble.map { ": \($0)" } ?? "")
  }

  mutating func note(_ sample: StreamSample, of stream: ServiceName, at instant: RunInstant) {
    update(stream) { reading in
      if let before = reading.sample, sample.videoPackets < before.videoPackets {
        // Opened again: it counts from 0.
        reading.earlierSeconds = reading.videoSeconds ?? 0
        reading.earlierLook = reading.looked
      }
      reading.sample = sample
      if sample.videoPackets > 0, sample.audioPackets > 0 { reading.hasBothTracks = true }
      reading.firstPTS =
        reading.firstPTS
        ?? sample.videoPTS.map { pts in
          let rate = sample.facts?.framesPerSecond ?? 0
          return rate > 0 ? pts - Double(sample.videoPackets) / rate : pts
        }
      guard sample.videoPackets > 0, sample.silentSeconds < 1 else { return }
      reading.lastPacketAt = instant
      reading.end(of: instant)
    }
  }

  mutating func note(_ happening: StreamHappening, of stream: ServiceName, at instant: RunInstant) {
    update(stream) { reading in
      switch happening {
      case .opened:
        reading.openedAt = reading.openedAt ?? instant
        reading.trouble = nil
        reading.end(of: instant)
      case .closed(let reason):
        reading.trouble = reason
        reading.wasAwaited = reading.wasAwaited || reading.openedAt == nil
        if reading.openedAt != nil {
          reading.begin(EvidenceGap(from: instant, to: nil, reason: "the output stream \(stream) ended: \(reason)"))
        }
      case .readerLost(let reason):
        reading.trouble = reason
        if reading.openedAt != nil, reading.unread.count < 64 {
          reading.unread.append(EvidenceGap(from: instant, to: nil, reason: "the reader of \(stream) died: \(reason)"))
        }
      case .stalled(let seconds):
        reading.begin(
          EvidenceGap(from: instant.advanced(bySeconds: -seconds), to: nil, reason: "nothing came from the output stream \(stream)"))
      case .resumed: reading.end(of: instant)
      case .gap(let track, let seconds, _): if track == .video, reading.missing.count < 64 { reading.missing.append((instant, seconds)) }
      case .wrap, .seam, .alignment, .mark, .contentOffset, .heard, .content, .fit, .span, .defect: break
      }
    }
  }

  mutating func note(_ status: SourceStatus, of stream: ServiceName) {
    update(stream) { reading in
      switch status.standing {
      case .reading: reading.trouble = nil
      case .failing(let reason, _, _):
        reading.trouble = reason
        reading.wasAwaited = reading.wasAwaited || reading.openedAt == nil
      case .ended(let reason): reading.trouble = reason
      }
    }
  }

  /// The worker claims that a segment came out; audio and video of one count once.
  mutating func noteClaim(_ segment: SegmentHappening) {
    guard let index = segment.index else { return claimed += 1 }
    if index == lastIndex { return }
    lastIndex = index
    claimed += 1
  }

  private mutating func update(_ stream: ServiceName, _ change: (inout Reading) -> Void) {
    guard streams.count < 16 || streams[stream] != nil else { return }
    change(&streams[stream, default: Reading()])
  }
}

extension OutputWitness.Reading {
  mutating func begin(_ outage: EvidenceGap) {
    // A stream that stalls and then ends is away once.
    if let last = outages.last, last.to == nil { return }
    if outages.count < 64 { outages.append(outage) }
  }

  mutating func end(of instant: RunInstant) {
    if let last = unread.indices.last, unread[last].to == nil { unread[last].to = instant }
    guard let last = outages.indices.last, outages[last].to == nil else { return }
    outages[last].to = instant
  }
}
