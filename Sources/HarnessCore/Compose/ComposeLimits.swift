/// How long a compose project may take, all in real seconds: an engine knows no pipeline speed.
package struct ComposeLimits: Sendable, Hashable {
  /// Getting and building images.
  package var build: Double
  /// From the first start of a container until everything is healthy.
  package var up: Double
  /// Taking everything down.
  package var down: Double
  /// Distance between two looks at what is not ready yet.
  package var look: Double

  /// Limits of a compose project.
  package init(build: Double = 3600, up: Double = 120, down: Double = 60, look: Double = 0.5) {
    self.build = build
    self.up = up
    self.down = down
    self.look = look
  }
}
