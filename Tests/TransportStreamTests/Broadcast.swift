import MediaSync

@testable import TransportStream

/// A transport stream that a test puts together: video of 25 pictures a second with a key frame each second, sound of 40 units a second.
struct Broadcast {
  var bytes: [UInt8] = []
  var videoPID = 0x100
  var audioPID = 0x101
  var videoType = StreamType.h264
  var audioType = StreamType.adtsAAC
  /// What stands before each picture.
  var prefix: [UInt8] = []

  static let picture: Int64 = 3600
  static let sound: Int64 = 2250

  private static func payload(_ type: UInt8, isKey: Bool, _ number: Int64) -> [UInt8] {
    let head: [UInt8] = type == 0x24 ? [0, 0, 1, isKey ? 0x40 : 0x02] : [0, 0, 1, isKey ? 0x67 : 0x41]
    return head + [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 300)
  }

  /// Adds seconds of the stream.
  /// - Parameters:
  ///   - announced: the tracks that the map names.
  ///   - sending: those that send.
  mutating func add(
    _ seconds: Range<Int64>, announced: Set<MediaTrack> = [.video, .audio], sending: Set<MediaTrack> = [.video, .audio],
    hasKeyFrames: Bool = true
  ) {
    var muxer = TransportMuxer(
      (announced.contains(.video) ? [TransportTrack(pid: videoPID, streamType: videoType)] : [])
        + (announced.contains(.audio) ? [TransportTrack(pid: audioPID, streamType: audioType)] : []))
    var units: [ElementaryUnit] = []
    if sending.contains(.video) {
      for number in (seconds.lowerBound * 25)..<(seconds.upperBound * 25) {
        let isKey = hasKeyFrames && number % 25 == 0
        units.append(
          ElementaryUnit(
            track: .video, pid: videoPID, streamType: videoType, pts: number * Self.picture,
            payload: prefix + Self.payload(videoType, isKey: isKey, number), isRandomAccess: false))
      }
    }
    if sending.contains(.audio) {
      for number in (seconds.lowerBound * 40)..<(seconds.upperBound * 40) {
        units.append(
          ElementaryUnit(
            track: .audio, pid: audioPID, streamType: audioType, pts: number * Self.sound,
            payload: [0xFF, 0xF1] + [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 100)))
      }
    }
    for unit in units.sorted(by: { $0.pts < $1.pts }) { muxer.write(unit, into: &bytes) }
  }

  /// Makes packets lie further apart: with bytes before each, and behind.
  func spaced(before: Int, behind: Int) -> [UInt8] {
    var out: [UInt8] = []
    for at in stride(from: 0, to: bytes.count, by: 188) {
      out += [UInt8](repeating: 0x11, count: before)
      out += bytes[at..<(at + 188)]
      out += [UInt8](repeating: 0x22, count: behind)
    }
    return out
  }
}

/// What a selector made of a stream.
struct Selection {
  var decoders: [(tracks: Set<MediaTrack>, held: Double, units: [ElementaryUnit], faults: TransportFaults)] = []
  var defects: [StreamDefect] = []
  var facts: [[TrackFacts]] = []

  /// Feeds a selector in pieces and demuxes what each decoder gets.
  init(_ bytes: [UInt8], audioIndex: Int = 0, piece: Int = 1000) {
    var selector = TransportSelector(audioIndex: audioIndex)
    var demuxers: [TransportDemuxer] = []
    func take(_ outputs: [TransportSelector.Output]) {
      for output in outputs {
        switch output {
        case .tracks(let tracks): facts.append(tracks)
        case .decoder(let tracks, let held):
          demuxers.append(TransportDemuxer())
          decoders.append((tracks, held, [], TransportFaults()))
        case .bytes(let bytes):
          guard let last = decoders.indices.last else { continue }
          decoders[last].units += demuxers[last].feed(bytes)
        case .defect(let defect):
          if defect.count != nil { defects.removeAll { $0.kind == defect.kind && $0.track == defect.track } }
          defects.append(defect)
        case .progress: break
        }
      }
    }
    for start in stride(from: 0, to: bytes.count, by: piece) { take(selector.feed(Array(bytes[start..<min(bytes.count, start + piece)]))) }
    take(selector.finish())
    for index in demuxers.indices {
      decoders[index].units += demuxers[index].finish()
      decoders[index].faults = demuxers[index].faults
    }
  }

  /// The presentation times of a track, whichever decoder got them.
  func times(_ track: MediaTrack) -> [Int64] { decoders.flatMap(\.units).filter { $0.track == track }.map(\.pts) }
}
