/// A set of colours. All use the user's own palette where they can, so that 8 colours are enough.
package enum Theme: String, CaseIterable, Codable, Hashable, Sendable {
  /// For dark backgrounds.
  case dark
  /// For light backgrounds.
  case light
  /// Bright colours and bold only.
  case highContrast = "high-contrast"
  /// Blue and orange in place of green and red.
  case colorBlind = "colour-blind"
  /// Attributes only, as NO_COLOR asks.
  case none

  /// The next one, around the end.
  package var next: Theme {
    let all = Self.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}
