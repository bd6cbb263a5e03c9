/// When what was read is too old to be shown as current.
package enum Staleness {
  /// The age, in seconds, above which a value is stale: three intervals, and half a second for the reading itself.
  /// - Parameter intervalSeconds: how often its source is read, in seconds.
  package static func limit(intervalSeconds: Double) -> Double { 3 * intervalSeconds + 0.5 }
}
