import TerminalCanvas

/// Maps a theme's colours to the numbers of a terminal.
struct ColorMapper {
  /// Colours of the terminal as ncurses counts them: 0, 8, 16, 88, 256 or 2^24.
  let colors: Int

  /// How many colours panes may count on.
  var level: TerminalCapabilities.Colors {
    switch colors {
    case (1 << 24)...: .rgb
    case 256...: .palette256
    case 16...: .sixteen
    case 8...: .eight
    default: .none
    }
  }

  /// The terminal's number for a colour, -1 for its own; and what the text needs besides where there are 8 colours: bold for bright ones.
  func number(_ color: Color?, isForeground: Bool) -> (number: Int32, adding: Attributes) {
    guard let color, level != .none else { return (-1, []) }
    switch level {
    case .none: return (-1, [])
    case .rgb: return (Int32(Self.direct(color)), [])
    case .palette256: return (Int32(Self.palette(color)), [])
    case .sixteen: return (Int32(Self.basic(color)), [])
    case .eight:
      let basic = Self.basic(color)
      // Bright black is grey: none of the eight is. The terminal's own colour made faint is seen on every background.
      if basic == 8 { return (-1, isForeground ? .dim : []) }
      return (Int32(basic % 8), isForeground && basic > 8 ? .bold : [])
    }
  }

  /// A colour's number of 256.
  static func palette(_ color: Color) -> Int {
    switch color {
    case .ansi(let number): return Int(number % 16)
    case .indexed(let number): return Int(number)
    case .rgb(let red, let green, let blue):
      let cube = [red, green, blue].map(cubeStep)
      let cubeNumber = 16 + cube[0] * 36 + cube[1] * 6 + cube[2]
      let mean = (Int(red) + Int(green) + Int(blue)) / 3
      let grey = min(23, max(0, (mean - 3) / 10))
      let wanted = (Int(red), Int(green), Int(blue))
      return distance(wanted, components(232 + grey)) < distance(wanted, components(cubeNumber)) ? 232 + grey : cubeNumber
    }
  }

  /// The nearest of the 16 colours.
  static func basic(_ color: Color) -> Int {
    if case .ansi(let number) = color { return Int(number % 16) }
    let wanted = components(color)
    return (0..<16).min { distance(wanted, components($0)) < distance(wanted, components($1)) } ?? 7
  }

  /// Red, green and blue in one number, for terminals with direct colours; ncurses takes the first eight as those of the palette.
  static func direct(_ color: Color) -> Int {
    if case .ansi(let number) = color, number % 16 < 8 { return Int(number % 16) }
    let (red, green, blue) = components(color)
    return max(8, red << 16 | green << 8 | blue)
  }

  private static func components(_ color: Color) -> (Int, Int, Int) {
    if case .rgb(let red, let green, let blue) = color { return (Int(red), Int(green), Int(blue)) }
    return components(palette(color))
  }

  /// xterm's values for its 256 colours.
  static func components(_ number: Int) -> (Int, Int, Int) {
    switch number {
    case ..<16: return basicComponents[max(0, number)]
    case 16..<232:
      let steps = [0, 95, 135, 175, 215, 255]
      let index = number - 16
      return (steps[index / 36], steps[index / 6 % 6], steps[index % 6])
    default:
      let grey = 8 + (min(number, 255) - 232) * 10
      return (grey, grey, grey)
    }
  }

  private static let basicComponents: [(Int, Int, Int)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229), (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
  ]

  private static func cubeStep(_ value: UInt8) -> Int { value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40 }

  private static func distance(_ left: (Int, Int, Int), _ right: (Int, Int, Int)) -> Int {
    let (red, green, blue) = (left.0 - right.0, left.1 - right.1, left.2 - right.2)
    return red * red * 2 + green * green * 4 + blue * blue * 3
  }
}
