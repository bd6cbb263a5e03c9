/// What the colours of a terminal look like in a picture.
package struct FramePalette: Hashable, Sendable {
  /// Red, green and blue, 0 to 255 each.
  package struct RGB: Hashable, Sendable {
    /// Red.
    package var red: UInt8
    /// Green.
    package var green: UInt8
    /// Blue.
    package var blue: UInt8

    /// Makes a colour from `0xRRGGBB`.
    package init(_ hex: UInt32) {
      red = UInt8(truncatingIfNeeded: hex >> 16)
      green = UInt8(truncatingIfNeeded: hex >> 8)
      blue = UInt8(truncatingIfNeeded: hex)
    }

    var hex: String { Color.rgb(red, green, blue).description }

    /// A mixture, as faint text has with what is behind it.
    func mixed(with other: RGB, share: Double) -> RGB {
      func mix(_ one: UInt8, _ two: UInt8) -> UInt32 { UInt32((Double(one) * share + Double(two) * (1 - share)).rounded()) }
      return RGB(mix(red, other.red) << 16 | mix(green, other.green) << 8 | mix(blue, other.blue))
    }
  }

  /// The terminal's own background.
  package var background: RGB
  /// The terminal's own text colour.
  package var foreground: RGB
  /// The 16 colours: 8 normal, 8 bright. Missing ones are the foreground.
  package var ansi: [RGB]

  /// Makes a palette.
  package init(background: RGB, foreground: RGB, ansi: [RGB]) {
    self.background = background
    self.foreground = foreground
    self.ansi = ansi
  }

  /// Light text on a dark background.
  package static let dark = FramePalette(
    background: RGB(0x14171C), foreground: RGB(0xD6DAE0),
    ansi: [
      0x2B303B, 0xE06C75, 0x98C379, 0xE5C07B, 0x61AFEF, 0xC678DD, 0x56B6C2, 0xC8CCD4, 0x7F8694, 0xFF7B86, 0xB5E890, 0xFFD68A, 0x82C4FF,
      0xDE9BF2,
      0x76D7E3, 0xFFFFFF,
    ].map(RGB.init))

  /// Light text on black, for high contrast.
  package static let black = FramePalette(
    background: RGB(0x000000), foreground: RGB(0xFFFFFF),
    ansi: [
      0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x5C9DFF, 0xCD00CD, 0x00CDCD, 0xE5E5E5, 0x8C8C8C, 0xFF6B6B, 0x5CFF5C, 0xFFFF5C, 0x8CB8FF,
      0xFF7BFF, 0x5CFFFF, 0xFFFFFF,
    ].map(RGB.init))

  /// Dark text on a light background.
  package static let light = FramePalette(
    background: RGB(0xFFFFFF), foreground: RGB(0x24292F),
    ansi: [
      0x24292F, 0xB3261E, 0x1A7F37, 0x8A5A00, 0x0550AE, 0x8250DF, 0x0E6E76, 0x6E7781, 0x57606A, 0xA40E26, 0x116329, 0x7A4E00, 0x0349B4,
      0x6639BA, 0x0A5A62, 0x8C959F,
    ].map(RGB.init))

  func color(_ color: Color?, default fallback: RGB) -> RGB {
    switch color {
    case nil: fallback
    case .ansi(let number): Int(number % 16) < ansi.count ? ansi[Int(number % 16)] : foreground
    case .indexed(let number) where number < 16: Int(number) < ansi.count ? ansi[Int(number)] : foreground
    case .indexed(let number):
      if number >= 232 {
        RGB(UInt32(8 + (Int(number) - 232) * 10) * 0x010101)
      } else {
        RGB(Self.step(Int(number - 16) / 36) << 16 | Self.step(Int(number - 16) / 6 % 6) << 8 | Self.step(Int(number - 16) % 6))
      }
    case .rgb(let red, let green, let blue): RGB(UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue))
    }
  }

  private static func step(_ index: Int) -> UInt32 { index == 0 ? 0 : UInt32(55 + index * 40) }
}
