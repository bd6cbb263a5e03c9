import WireFormats

/// Characters that are drawn as shapes, so that they meet at the edges of their cells.
struct FrameShape {
  /// SVG path data.
  var data: String
  /// Whether the path is a line rather than an area.
  var isStroke = false
  /// Width of the line.
  var width = 1.0

  private static let w = FrameSVG.cellWidth
  private static let h = FrameSVG.cellHeight

  /// The shape of a character in the cell whose top left corner is (x, y); `nil` for what a font draws.
  static func path(for scalar: UInt32, x: Double, y: Double) -> FrameShape? {
    switch scalar {
    case 0x2801...0x28FF: braille(UInt8(truncatingIfNeeded: scalar - 0x2800), x, y)
    case 0x2580: area(x, y, w, h / 2)
    case 0x2581...0x2588: area(x, y + h - h * Double(scalar - 0x2580) / 8, w, h * Double(scalar - 0x2580) / 8)
    case 0x2589...0x258F: area(x, y, w * Double(0x2590 - scalar) / 8, h)
    case 0x2590: area(x + w / 2, y, w / 2, h)
    case 0x25A0: area(x + 0.75, y + (h - w) / 2 + 0.75, w - 1.5, w - 1.5)
    case 0x25A1: hollowBox(x, y)
    default: line(scalar, x, y)
    }
  }

  private static func area(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> FrameShape {
    FrameShape(data: "M\(n(x)) \(n(y))h\(n(width))v\(n(height))h\(n(-width))z")
  }

  private static func hollowBox(_ x: Double, _ y: Double) -> FrameShape {
    FrameShape(data: "M\(n(x + 1.25)) \(n(y + (h - w) / 2 + 1.25))h\(n(w - 2.5))v\(n(w - 2.5))h\(n(2.5 - w))z", isStroke: true)
  }

  private static func braille(_ bits: UInt8, _ x: Double, _ y: Double) -> FrameShape {
    let places: [(Int, Int)] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    let radius = 1.1
    let dots = places.enumerated().filter { bits & (1 << UInt8($0.offset)) != 0 }.map { _, place in
      let centerX = x + w * (0.25 + 0.5 * Double(place.0))
      let centerY = y + h * (0.125 + 0.25 * Double(place.1))
      return
        "M\(n(centerX - radius)) \(n(centerY))a\(n(radius)) \(n(radius)) 0 1 0 \(n(2 * radius)) 0a\(n(radius)) \(n(radius)) 0 1 0 \(n(-2 * radius)) 0z"
    }
    return FrameShape(data: dots.joined())
  }

  /// Which of the four half lines a box drawing character has.
  private static let arms: [UInt32: String] = [
    0x2500: "lr", 0x2501: "LR", 0x2502: "ud", 0x2503: "UD", 0x250C: "rd", 0x2510: "ld", 0x2514: "ur", 0x2518: "ul", 0x250F: "RD",
    0x2513: "LD",
    0x2517: "UR", 0x251B: "UL", 0x251C: "udr", 0x2524: "udl", 0x252C: "lrd", 0x2534: "lru", 0x253C: "lrud", 0x2574: "l", 0x2575: "u",
    0x2576: "r",
    0x2577: "d",
  ]

  private static func line(_ scalar: UInt32, _ x: Double, _ y: Double) -> FrameShape? {
    let (cx, cy) = (x + w / 2, y + h / 2)
    switch scalar {
    // Dots along a row: light dashes, three or four in a cell.
    case 0x2504, 0x2508:
      let count = scalar == 0x2504 ? 3 : 4
      let step = w / Double(count)
      let dashes = (0..<count).map { "M\(n(x + (Double($0) + 0.25) * step)) \(n(cy))h\(n(step / 2))" }
      return FrameShape(data: dashes.joined(), isStroke: true)
    case 0x256D: return arc(fromX: cx, y + h, cornerX: cx, cy, toX: x + w, cy)
    case 0x256E: return arc(fromX: x, cy, cornerX: cx, cy, toX: cx, y + h)
    case 0x256F: return arc(fromX: x, cy, cornerX: cx, cy, toX: cx, y)
    case 0x2570: return arc(fromX: cx, y, cornerX: cx, cy, toX: x + w, cy)
    default: break
    }
    guard let arms = arms[scalar] else { return nil }
    let data = arms.map { arm in
      switch arm {
      case "l", "L": "M\(n(cx)) \(n(cy))L\(n(x)) \(n(cy))"
      case "r", "R": "M\(n(cx)) \(n(cy))L\(n(x + w)) \(n(cy))"
      case "u", "U": "M\(n(cx)) \(n(cy))L\(n(cx)) \(n(y))"
      default: "M\(n(cx)) \(n(cy))L\(n(cx)) \(n(y + h))"
      }
    }
    return FrameShape(data: data.joined(), isStroke: true, width: arms.contains(where: \.isUppercase) ? 2 : 1)
  }

  private static func arc(fromX x0: Double, _ y0: Double, cornerX: Double, _ cornerY: Double, toX x1: Double, _ y1: Double) -> FrameShape {
    // Straight up to half of the way, then a curve around the corner.
    let (startX, startY) = ((x0 + cornerX) / 2, (y0 + cornerY) / 2)
    let (endX, endY) = ((x1 + cornerX) / 2, (y1 + cornerY) / 2)
    return FrameShape(
      data: "M\(n(x0)) \(n(y0))L\(n(startX)) \(n(startY))Q\(n(cornerX)) \(n(cornerY)) \(n(endX)) \(n(endY))L\(n(x1)) \(n(y1))",
      isStroke: true)
  }

  private static func n(_ value: Double) -> String { NumberText.rounded(value, 2) }
}
