import HarnessModel

/// A media stream to read.
public struct StreamTarget: Sendable, Hashable {
  /// What it is called: its path, such as `live/test/out`.
  public var name: ServiceName
  /// Where it is read.
  public var address: StreamAddress
  /// Whether flashes and beeps are searched, which needs decoding (about 5 % of a core for 720p30). Never done above 4 times real time.
  public var probesContent: Bool
  /// How often its standing is told, in seconds of pipeline time; 0.1 to 60.
  public var intervalSeconds: Double

  /// A stream to read.
  public init(name: ServiceName, address: StreamAddress, probesContent: Bool = true, intervalSeconds: Double = 1) {
    self.name = name
    self.address = address
    self.probesContent = probesContent
    self.intervalSeconds = intervalSeconds.isFinite ? min(max(intervalSeconds, 0.1), 60) : 1
  }
}
