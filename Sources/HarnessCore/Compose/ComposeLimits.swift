/// How long a compose project may take, all in real seconds: an engine knows no pipeline speed.
public struct ComposeLimits: Sendable, Hashable {
  /// Getting and building images.
  public var build: Double
  /// From the first start of a container until everything is healthy.
  public var up: Double
  /// Taking everything down.
  public var down: Double
  /// Distance between two looks at what is not ready yet.
  public var look: Double

  /// Limits of a compose project.
  public init(build: Double = 3600, up: Double = 120, down: Double = 60, look: Double = 0.5) {
    self.build = build
    self.up = up
    self.down = down
    self.look = look
  }
}
