@testable import EmbeddedPipeline
@testable import TransportStream

extension TransportMuxer {
  /// A muxer for H.264 on PID 0x100 and AAC on 0x101.
  init(hasVideo: Bool = true, hasAudio: Bool = true) {
    self.init(
      (hasVideo ? [TransportTrack(pid: 0x100, streamType: StreamType.h264)] : [])
        + (hasAudio ? [TransportTrack(pid: 0x101, streamType: StreamType.adtsAAC)] : []))
  }

  /// A unit's packets; empty when no stream is on its PID.
  mutating func write(_ unit: ElementaryUnit) -> [UInt8] {
    var out: [UInt8] = []
    write(unit, into: &out)
    return out
  }
}
