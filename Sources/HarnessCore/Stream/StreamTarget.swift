import Events

/// A media stream to read.
package struct StreamTarget: Sendable, Hashable {
  /// What it is called: its path, such as `live/test/out`.
  package var name: ServiceName
  /// Where it is read.
  package var address: StreamAddress
  /// Whether flashes and beeps are searched, which needs decoding (about 5 % of a core for 720p30). Never done above `ContentState.speedLimit`.
  package var probesContent: Bool
  /// How often its standing is told, in seconds of pipeline time; 0.1 to 60.
  package var intervalSeconds: Double

  /// A stream to read.
  package init(name: ServiceName, address: StreamAddress, probesContent: Bool = true, intervalSeconds: Double = 1) {
    self.name = name
    self.address = address
    self.probesContent = probesContent
    self.intervalSeconds = intervalSeconds.isFinite ? min(max(intervalSeconds, 0.1), 60) : 1
  }
}
