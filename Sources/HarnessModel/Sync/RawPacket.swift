/// The unit of a track's time stamps: one tick is `numerator / denominator` seconds.
public struct TimeBase: Codable, Hashable, Sendable {
  /// Above the line; positive.
  public let numerator: Int64
  /// Below the line; positive.
  public let denominator: Int64

  /// A unit; nil unless both numbers are positive.
  public init?(_ numerator: Int64, _ denominator: Int64) {
    guard numerator > 0, denominator > 0 else { return nil }
    self.numerator = numerator
    self.denominator = denominator
  }

  /// One tick, in seconds.
  public var seconds: Double { Double(numerator) / Double(denominator) }

  /// Ticks as seconds.
  public func seconds(_ ticks: Int64) -> Double { Double(ticks) * Double(numerator) / Double(denominator) }
}

/// A packet as a reader gives it: in decoding order within its track, times in the track's own unit and not unwrapped.
public struct RawPacket: Hashable, Sendable {
  /// Its track.
  public var track: MediaTrack
  /// When it is shown, in ticks; nil where the container does not say.
  public var pts: Int64?
  /// When it is decoded, in ticks; never falls within a track but at a wrap or a seam. Nil where it is not known.
  public var dts: Int64?
  /// Whether decoding can begin here.
  public var isKeyFrame: Bool
  /// Its payload, in bytes.
  public var byteCount: Int

  /// A packet.
  public init(_ track: MediaTrack, pts: Int64?, dts: Int64?, isKeyFrame: Bool, byteCount: Int) {
    self.track = track
    self.pts = pts
    self.dts = dts
    self.isKeyFrame = isKeyFrame
    self.byteCount = byteCount
  }
}
