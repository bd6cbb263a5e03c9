/// How loaded the speech service says it is.
package enum BackpressureSeverity: String, Codable, Sendable, CaseIterable { case low, medium, high }

/// What the speech service asks for.
package enum BackpressureAction: String, Codable, Sendable, CaseIterable {
  case none
  case slowDown = "slow_down"
  case pause
}
