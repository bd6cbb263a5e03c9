import Events
import MediaSync

@testable import EmbeddedPipeline
@testable import TransportStream

/// Makes the units of a stream without a stream: 25 pictures and 46.875 audio frames a second, times in ticks.
struct UnitMaker {
  static let pictureTicks: Int64 = 3600
  static let audioTicks: Int64 = 1920

  /// The units of both tracks from one second to another, in order of decoding times, stamps wrapped at 33 bits.
  static func units(
    from start: Double = 0, seconds: Double, offset: Int64 = 0, keyEvery: Int = 25, hasAudio: Bool = true, delay: Int64 = 0
  ) -> [MediaUnit] {
    let first = MediaTicks.ticks(seconds: start)
    let end = first + MediaTicks.ticks(seconds: seconds)
    var units: [MediaUnit] = []
    var number = 0
    for time in stride(from: first, to: end, by: Int64.Stride(pictureTicks)) {
      units.append(
        MediaUnit(
          track: .video, dts: wrapped(time + offset), pts: wrapped(time + offset + delay), payload: [0xAA, UInt8(number & 0xFF)],
          isKey: number.isMultiple(of: keyEvery)))
      number += 1
    }
    guard hasAudio else { return units }
    for time in stride(from: first, to: end, by: Int64.Stride(audioTicks)) {
      let stamp = wrapped(time + offset + delay)
      units.append(MediaUnit(track: .audio, dts: stamp, pts: stamp, payload: AACSilence.frame(byteCount: 40)))
    }
    let base = wrapped(first + offset)
    return units.sorted {
      (TransportClock.distance(from: base, to: $0.dts), $0.track == .video ? 0 : 1)
        < (TransportClock.distance(from: base, to: $1.dts), $1.track == .video ? 0 : 1)
    }
  }

  private static func wrapped(_ ticks: Int64) -> Int64 { ticks & ((1 << 33) - 1) }

  /// Units as an MPEG transport stream.
  static func stream(_ units: [MediaUnit], muxer: inout TransportMuxer) -> [UInt8] {
    var bytes: [UInt8] = []
    for unit in units {
      let isVideo = unit.track == .video
      muxer.write(
        ElementaryUnit(
          track: unit.track, pid: isVideo ? 0x100 : 0x101, streamType: isVideo ? StreamType.h264 : StreamType.adtsAAC, pts: unit.pts,
          dts: unit.dts == unit.pts ? nil : unit.dts, payload: unit.payload, isRandomAccess: unit.isKey), into: &bytes)
    }
    return bytes
  }
}

/// Runs a media plane through time without a clock and reads what it puts out.
struct PlaneHarness {
  var plane: MediaPlane
  var now = RunInstant.zero
  var events: [(at: Double, event: MediaEvent)] = []
  /// What came out, times unwrapped as the muxer got them are 33 bits again.
  var out: [(at: Double, unit: ElementaryUnit)] = []
  private var muxer = TransportMuxer()
  private var reader = TransportDemuxer()

  init(rules: WorkerRules = WorkerRules()) { plane = MediaPlane(rules: rules, toleranceSeconds: 0.25) }

  /// Gives units to the plane at the pace of their times, which begin now, and lets it put out what is due, every 100 ms.
  /// - Parameter decide: what becomes of each segment as soon as it is cut; nil leaves it undecided.
  mutating func run(_ units: [MediaUnit], decide: (Segment) -> [[UInt8]]?? = { _ in .some(nil) }) {
    guard let first = units.first else { return }
    let start = now.seconds
    for unit in units {
      let at = start + MediaTicks.seconds(TransportClock.distance(from: first.dts, to: unit.dts))
      advance(to: at)
      take(plane.receive(UnitMaker.stream([unit], muxer: &muxer), at: now), decide: decide)
    }
  }

  mutating func end(decide: (Segment) -> [[UInt8]]?? = { _ in .some(nil) }) {
    take(plane.inputEnded(at: now), decide: decide)
  }

  mutating func advance(to seconds: Double) {
    let end = RunInstant(seconds: seconds)
    while now < end {
      now = min(end, now.advanced(bySeconds: 0.1))
      let (bytes, events) = plane.advance(to: now)
      take(events) { _ in nil }
      for unit in reader.feed(bytes) { out.append((now.seconds, unit)) }
    }
  }

  private mutating func take(_ events: [MediaEvent], decide: (Segment) -> [[UInt8]]??) {
    for event in events {
      self.events.append((now.seconds, event))
      if case .segment(let segment) = event, let decision = decide(segment) { plane.decide(segment.index, dubbed: decision) }
    }
  }

  var segments: [Segment] { events.compactMap { if case .segment(let segment) = $0.event { segment } else { nil } } }
  var seams: [Double] { events.compactMap { if case .seam(let seconds) = $0.event { seconds } else { nil } } }

  func times(_ track: MediaTrack) -> [Int64] { out.filter { $0.unit.track == track }.map(\.unit.pts) }

  /// The steps between the decoding times of a track's units.
  func steps(_ track: MediaTrack) -> [Int64] {
    let times = out.filter { $0.unit.track == track }.map(\.unit.decodingTime)
    return zip(times, times.dropFirst()).map { TransportClock.distance(from: $0, to: $1) }
  }
}

extension OutputQueue {
  /// Whether nothing is left to put out.
  var isEmpty: Bool { video.isEmpty && segments.isEmpty }
}
