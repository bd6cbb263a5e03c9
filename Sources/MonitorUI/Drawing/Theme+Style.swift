import TerminalCanvas

/// What something on screen means; a theme gives it a style. State is never told by colour alone: a glyph and a word stand beside it.
package enum Role: CaseIterable, Hashable, Sendable {
  case text, dim, label, title, border, focusBorder, good, warning, bad, info, unknown, chart, secondChart, selection, live, paused, key
  case threshold, match, bar, mark, cursor
}

extension Theme {
  /// The background of an injected fault on a time axis; nil where only its mark is drawn.
  package var faultBand: Color? {
    switch self {
    case .dark: .indexed(237)
    case .light: .indexed(253)
    case .highContrast: .indexed(240)
    case .colorBlind: .indexed(237)
    case .none: nil
    }
  }

  /// The style of a role.
  package func style(_ role: Role) -> Style {
    switch self {
    case .dark: Self.palette(role, Colors(good: .ansi(2), warning: .ansi(3), bad: .ansi(1), info: .ansi(6), faint: .ansi(8)))
    case .light: Self.palette(role, Colors(good: .indexed(28), warning: .indexed(130), bad: .ansi(1), info: .ansi(4), faint: .indexed(242)))
    case .highContrast:
      Self.palette(role, Colors(good: .ansi(10), warning: .ansi(11), bad: .ansi(9), info: .ansi(14), faint: nil)).adding(
        role == .text || role == .dim ? [] : .bold)
    case .colorBlind:
      Self.palette(role, Colors(good: .indexed(33), warning: .indexed(221), bad: .indexed(208), info: .ansi(6), faint: .ansi(8)))
    case .none: Self.monochrome(role)
    }
  }

  private struct Colors {
    var good: Color?
    var warning: Color?
    var bad: Color?
    var info: Color?
    var faint: Color?
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
