import TerminalCanvas

/// What a theme is drawn on: what is behind it and how many colours there are.
package struct ThemeSurface: Hashable, Sendable {
  /// What the terminal draws on.
  package var ground: Ground
  /// Colours of the terminal.
  package var colors: TerminalCapabilities.Colors

  /// A surface; by default dark, with all colours.
  package init(ground: Ground = .dark, colors: TerminalCapabilities.Colors = .rgb) {
    self.ground = ground
    self.colors = colors
  }

  /// Whether there are shades between the 16 colours of the user's own palette.
  var hasShades: Bool { colors >= .palette256 }
}
