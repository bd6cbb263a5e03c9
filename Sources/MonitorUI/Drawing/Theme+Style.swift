import TerminalCanvas

/// What something on screen means; a theme gives it a style. State is never told by colour alone: a glyph and a word stand beside it.
package enum Role: CaseIterable, Hashable, Sendable {
  case text, dim, label, title, border, focusBorder, good, warning, bad, info, unknown, chart, secondChart, selection, live, paused, key
  case threshold, match, bar, mark, cursor
}

extension Theme {
  /// The background of an injected fault on a time axis; nil where a glyph fills it: without shades every grey may be the terminal's black.
  package func faultBand(on surface: ThemeSurface = ThemeSurface()) -> Color? {
    guard surface.hasShades, self != .none else { return nil }
    let strong = self == .highContrast
    return ground(on: surface) == .dark ? .indexed(strong ? 240 : 237) : .indexed(strong ? 250 : 253)
  }

  /// The style of a role.
  package func style(_ role: Role, on surface: ThemeSurface = ThemeSurface()) -> Style {
    guard self != .none else { return Self.monochrome(role) }
    let style = Self.palette(role, colors(on: surface))
    return self == .highContrast && role != .text && role != .dim ? style.adding(.bold) : style
  }

  /// The background that its colours are for.
  package func ground(on surface: ThemeSurface) -> Ground {
    switch self {
    case .dark: .dark
    case .light: .light
    case .highContrast, .colorBlind, .none: surface.ground
    }
  }

  private struct Colors {
    var good: Color?
    var warning: Color?
    var bad: Color?
    var info: Color?
    var faint: Color?
  }

  /// With few colours only those are used that are read on the ground whatever the palette makes of them: no yellow and no bright ones on
  /// light, no dark blue on dark.
  private func colors(on surface: ThemeSurface) -> Colors {
    let isFew = !surface.hasShades
    switch (self, ground(on: surface)) {
    case (.colorBlind, .dark):
      return isFew
        ? Colors(good: .ansi(6), warning: .ansi(3), bad: .ansi(1), info: .ansi(7), faint: .ansi(8))
        : Colors(good: .indexed(33), warning: .indexed(221), bad: .indexed(208), info: .ansi(6), faint: .ansi(8))
    case (.colorBlind, .light):
      return isFew
        ? Colors(good: .ansi(4), warning: .ansi(5), bad: .ansi(1), info: nil, faint: .ansi(8))
        : Colors(good: .indexed(25), warning: .indexed(94), bad: .indexed(130), info: .indexed(54), faint: .indexed(242))
    case (.highContrast, .dark): return Colors(good: .ansi(10), warning: .ansi(11), bad: .ansi(9), info: .ansi(14), faint: nil)
    case (.highContrast, .light):
      return isFew
        ? Colors(good: .ansi(4), warning: .ansi(5), bad: .ansi(1), info: nil, faint: nil)
        : Colors(good: .indexed(22), warning: .indexed(58), bad: .indexed(88), info: .indexed(18), faint: nil)
    case (_, .dark): return Colors(good: .ansi(2), warning: .ansi(3), bad: .ansi(1), info: .ansi(6), faint: .ansi(8))
    case (_, .light):
      return isFew
        ? Colors(good: .ansi(2), warning: .ansi(5), bad: .ansi(1), info: .ansi(4), faint: .ansi(8))
        : Colors(good: .indexed(28), warning: .indexed(130), bad: .ansi(1), info: .ansi(4), faint: .indexed(242))
    }
  }

  private static func palette(_ role: Role, _ colors: Colors) -> Style {
    switch role {
    case .text, .bar: .plain
    case .dim, .label, .unknown, .border: Style(foreground: colors.faint)
    case .threshold: Style(foreground: colors.faint)
    case .title: Style(attributes: .bold)
    case .focusBorder: Style(foreground: colors.info, attributes: .bold)
    case .good: Style(foreground: colors.good)
    case .warning: Style(foreground: colors.warning)
    case .bad: Style(foreground: colors.bad, attributes: .bold)
    case .info, .chart: Style(foreground: colors.info)
    case .secondChart: Style(foreground: colors.good)
    case .selection: Style(attributes: .reverse)
    case .live: Style(foreground: colors.good, attributes: .bold)
    case .paused: Style(foreground: colors.warning, attributes: [.bold, .reverse])
    case .key: Style(foreground: colors.info, attributes: .bold)
    case .match: Style(foreground: colors.warning, attributes: .underline)
    case .mark: Style(foreground: colors.warning, attributes: .bold)
    case .cursor: Style(foreground: colors.warning, attributes: [.bold, .reverse])
    }
  }

  private static func monochrome(_ role: Role) -> Style {
    switch role {
    case .text, .good, .info, .chart, .secondChart, .bar, .border, .label: .plain
    case .dim, .unknown, .threshold: Style(attributes: .dim)
    case .title, .focusBorder, .warning, .live, .key, .mark: Style(attributes: .bold)
    case .bad: Style(attributes: [.bold, .underline])
    case .match: Style(attributes: .underline)
    case .selection: Style(attributes: .reverse)
    case .paused, .cursor: Style(attributes: [.bold, .reverse])
    }
  }
}

extension Theme {
  /// The colours of a picture: each theme on the ground that it is for, without colours black on white.
  package func picture(on ground: Ground) -> FramePalette {
    self.ground(on: ThemeSurface(ground: ground)) == .dark ? (self == .highContrast ? .black : .dark) : .light
  }

  /// What a picture is drawn on when nobody says.
  package var pictureGround: Ground { self == .light || self == .none ? .light : .dark }
}
