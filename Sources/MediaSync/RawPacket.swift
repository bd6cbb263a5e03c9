/// The unit of a track's time stamps: one tick is `numerator / denominator` seconds.
package struct TimeBase: Codable, Hashable, Sendable {
  /// Above the line; positive.
  package let numerator: Int64
  /// Below the line; positive.
  package let denominator: Int64

  /// A unit; nil unless both numbers are positive.
  package init?(_ numerator: Int64, _ denominator: Int64) {
    guard numerator > 0, denominator > 0 else { return nil }
    self.numerator = numerator
    self.denominator = denominator
  }

  /// One tick, in seconds.
  package var seconds: Double { Double(numerator) / Double(denominator) }

  /// Ticks as seconds.
  package func seconds(_ ticks: Int64) -> Double { Double(ticks) * Double(numerator) / Double(denominator) }
}

/// A packet as a reader gives it: in decoding order within its track, times in the track's own unit and not unwrapped.
package struct RawPacket: Hashable, Sendable {
  /// Its track.
  package var track: MediaTrack
  /// When it is shown, in ticks; nil where the container does not say.
  package var pts: Int64?
  /// When it is decoded, in ticks; never falls within a track but at a wrap or a seam. Nil where it is not known.
  package var dts: Int64?
  /// Whether decoding can begin here.
  package var isKeyFrame: Bool
  /// Its payload, in bytes.
  package var byteCount: Int

  /// A packet.
  package init(_ track: MediaTrack, pts: Int64?, dts: Int64?, isKeyFrame: Bool, byteCount: Int) {
    self.track = track
    self.pts = pts
    self.dts = dts
    self.isKeyFrame = isKeyFrame
    self.byteCount = byteCount
  }
}
