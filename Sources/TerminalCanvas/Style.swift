/// A colour as a theme names it; the backend maps it to what the terminal can show. No colour (`nil`) is the terminal's own default.
package enum Color: Hashable, Sendable {
  /// One of the 16 colours of the user's own palette: 0 to 7 normal, 8 to 15 bright. Higher values count modulo 16.
  case ansi(UInt8)
  /// One of the 256 colours of xterm: 16 to 231 a 6x6x6 cube, 232 to 255 greys.
  case indexed(UInt8)
  /// Red, green and blue.
  case rgb(UInt8, UInt8, UInt8)
}

/// Ways to show text besides colour. A terminal may lack some of them.
package struct Attributes: OptionSet, Hashable, Sendable {
  /// Bit set.
  package let rawValue: UInt8
  /// Makes a set from its bits.
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Heavier or brighter.
  package static let bold = Attributes(rawValue: 1 << 0)
  /// Fainter.
  package static let dim = Attributes(rawValue: 1 << 1)
  /// Slanted.
  package static let italic = Attributes(rawValue: 1 << 2)
  /// With a line below.
  package static let underline = Attributes(rawValue: 1 << 3)
  /// Foreground and background exchanged.
  package static let reverse = Attributes(rawValue: 1 << 4)
  /// Blinking.
  package static let blink = Attributes(rawValue: 1 << 5)
}

/// How a cell is drawn.
package struct Style: Hashable, Sendable {
  /// Colour of the text; `nil` is the terminal's own.
  package var foreground: Color?
  /// Colour behind the text; `nil` is the terminal's own.
  package var background: Color?
  /// Bold, reverse and so on.
  package var attributes: Attributes

  /// Makes a style; without arguments, the terminal's own look.
  package init(foreground: Color? = nil, background: Color? = nil, attributes: Attributes = []) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The terminal's own look.
  package static let plain = Style()

  /// This style with `attributes` added.
  package func adding(_ attributes: Attributes) -> Style {
    Style(foreground: foreground, background: background, attributes: self.attributes.union(attributes))
  }

  /// `other` laid over this style: its colours where it has some, attributes of both.
  package func merged(with other: Style) -> Style {
    Style(
      foreground: other.foreground ?? foreground, background: other.background ?? background,
      attributes: attributes.union(other.attributes))
  }
}
