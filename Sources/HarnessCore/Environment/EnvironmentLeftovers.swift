/// What an environment leaves to be told after its end.
package struct EnvironmentLeftovers: Sendable, Hashable {
  /// Lines that show why the start failed, such as the last ones of a failing service's log; not escaped yet.
  package var lastLines: [String]
  /// How to look at what was kept, and how to remove it; empty when nothing was kept.
  package var advice: [String]
  /// Why not everything could be taken down; nil when it was.
  package var failure: EnvironmentFailure?

  /// What is left; nothing, unless said otherwise.
  package init(lastLines: [String] = [], advice: [String] = [], failure: EnvironmentFailure? = nil) {
    self.lastLines = lastLines
    self.advice = advice
    self.failure = failure
  }
}
