import TerminalCanvas
import WireFormats

/// A small terminal emulator: what a terminal of the xterm family shows after the bytes that ncurses sends. Everything it does not know is
/// counted, so that a test sees when it would be wrong.
struct VTScreen {
  struct Look: Hashable {
    var foreground: Int?
    var background: Int?
    var bold = false
    var reverse = false
  }

  private(set) var size: Size
  private(set) var text: [[String]] = []
  private(set) var looks: [[Look]] = []
  private(set) var isAlternate = false
  /// How often the alternate screen was left.
  private(set) var timesLeft = 0
  private(set) var showsCursor = true
  private(set) var mouseModes: Set<Int> = []
  private(set) var pastes = false
  private(set) var reportsFocus = false
  private(set) var title = "the shell's own"
  private var keptTitles: [String] = []
  private(set) var syncDepth = 0
  private(set) var syncUpdates = 0
  private(set) var unknown: [String] = []
  private(set) var bells = 0
  private(set) var strings: [String] = []
  private var x = 0
  private var y = 0
  private var top = 0
  private var bottom = 0
  private var look = Look()
  private var lastText = " "
  private var bytes: [UInt8] = []

  init(size: Size) {
    self.size = size
    resize(size)
  }

  mutating func resize(_ size: Size) {
    self.size = size
    clear()
    (x, y, top, bottom) = (0, 0, 0, size.height - 1)
  }

  /// Rows as a reader sees them; the second half of a wide character is nothing.
  func rows() -> [String] { text.map { $0.joined() } }

  private mutating func clear() {
    text = Array(repeating: Array(repeating: " ", count: size.width), count: size.height)
    looks = Array(repeating: Array(repeating: blankLook, count: size.width), count: size.height)
  }

  /// Erased cells take the background (xterm's `bce`).
  private var blankLook: Look { Look(background: look.background) }

  mutating func feed(_ new: some Sequence<UInt8>) {
    bytes.append(contentsOf: new)
    var index = 0
    while index < bytes.count {
      let used = step(bytes[index...])
      if used == 0 { break }
      index += used
    }
    bytes.removeFirst(index)
  }

  /// Bytes used; 0 when more are needed.
  private mutating func step(_ rest: ArraySlice<UInt8>) -> Int {
    guard let first = rest.first else { return 0 }
    if first == 0x1B { return escape(Array(rest)) }
    if first >= 0x20, first != 0x7F {
      let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      guard rest.count >= length else { return 0 }
      put(String(decoding: rest.prefix(length), as: UTF8.self))
      return length
    }
    switch first {
    case 0x07: bells += 1
    case 0x08: x = max(0, x - 1)
    case 0x09: x = min(size.width - 1, (x / 8 + 1) * 8)
    case 0x0A: lineFeed()
    case 0x0D: x = 0
    case 0x00, 0x0E, 0x0F, 0x18: break
    default: unknown.append("control \(first)")
    }
    return 1
  }

  private mutating func lineFeed() { if y == bottom { scroll(1) } else { y = min(size.height - 1, y + 1) } }

  private mutating func put(_ character: String) {
    let width =
      character.unicodeScalars.first.map { $0.properties.generalCategory == .nonspacingMark } == true ? 0 : displayWidth(character)
    if width == 0 {
      if x > 0, text[y][x - 1] != "" { text[y][x - 1] += character } else if x > 1 { text[y][x - 2] += character }
      return
    }
    if x + width > size.width {
      x = 0
      lineFeed()
    }
    wipeHalves(x, width)
    text[y][x] = character
    looks[y][x] = look
    if width == 2 {
      text[y][x + 1] = ""
      looks[y][x + 1] = look
    }
    lastText = character
    x += width
  }

  private mutating func wipeHalves(_ x: Int, _ width: Int) {
    if text[y][x] == "", x > 0 { text[y][x - 1] = " " }
    if x + width < size.width, text[y][x + width] == "" { text[y][x + width] = " " }
  }

  private mutating func escape(_ rest: [UInt8]) -> Int {
    guard rest.count > 1 else { return 0 }
    switch rest[1] {
    case 0x5B:
      var index = 2
      while index < rest.count, !(0x40...0x7E).contains(rest[index]) { index += 1 }
      guard index < rest.count else { return 0 }
      controlSequence(rest[index], String(decoding: rest[2..<index], as: UTF8.self))
      return index + 1
    case 0x5D:
      // The Linux console's reset of its palette has no end mark.
      if rest.count > 2, rest[2] == 0x52 { return 3 }
      guard let end = rest.firstIndex(of: 0x07) else { return 0 }
      let text = String(decoding: rest[2..<end], as: UTF8.self)
      if text.hasPrefix("2;") { title = String(text.dropFirst(2)) } else { strings.append(text) }
      return end + 1
    case 0x28, 0x29: return rest.count > 2 ? 3 : 0
    case 0x4D:
      if y == top { scroll(-1) } else { y = max(0, y - 1) }
      return 2
    case 0x37, 0x38, 0x3D, 0x3E: return 2
    default:
      unknown.append("ESC \(rest[1])")
      return 2
    }
  }

  private mutating func controlSequence(_ final: UInt8, _ parameters: String) {
    if parameters.hasPrefix("?") { return mode(final, parameters.dropFirst().split(separator: ";").compactMap { Int($0) }) }
    let values = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    let count = max(1, values.first ?? 1)
    switch Character(Unicode.Scalar(final)) {
    case "H", "f": (y, x) = (limit(values.first, size.height), limit(values.count > 1 ? values[1] : 1, size.width))
    case "A": y = max(0, y - count)
    case "B": y = min(size.height - 1, y + count)
    case "C": x = min(size.width - 1, x + count)
    case "D": x = max(0, x - count)
    case "G": x = limit(values.first, size.width)
    case "d": y = limit(values.first, size.height)
    case "J": eraseScreen(values.first ?? 0)
    case "K": eraseLine(values.first ?? 0)
    case "X": for column in x..<min(size.width, x + count) { erase(column, y) }
    case "b": for _ in 0..<count { put(lastText) }
    case "@": shift(count)
    case "P": shift(-count)
    case "L": insertLines(count)
    case "M": insertLines(-count)
    case "S": scroll(count)
    case "T": scroll(-count)
    case "Z": x = max(0, (x - 1) / 8 * 8)
    case "r":
      top = limit(values.first, size.height)
      bottom = values.count > 1 && values[1] > 0 ? min(size.height, values[1]) - 1 : size.height - 1
      (x, y) = (0, 0)
    case "m": attributes(values)
    case "t":
      if parameters == "22;2" { keptTitles.append(title) }
      if parameters == "23;2", let kept = keptTitles.popLast() { title = kept }
    case "l", "h": break
    default: unknown.append("CSI \(parameters)\(Character(Unicode.Scalar(final)))")
    }
  }

  private func limit(_ value: Int?, _ count: Int) -> Int { min(max(1, value ?? 1), count) - 1 }

  private mutating func mode(_ final: UInt8, _ values: [Int]) {
    let on = final == 0x68
    for value in values {
      switch value {
      case 1049:
        isAlternate = on
        if !on { timesLeft += 1 }
        look = Look()
        clear()
      case 25: showsCursor = on
      case 1000, 1002, 1006: if on { mouseModes.insert(value) } else { mouseModes.remove(value) }
      case 2004: pastes = on
      case 1004: reportsFocus = on
      case 2026:
        syncDepth = on ? 1 : 0
        if on { syncUpdates += 1 }
      case 1, 3, 4, 7, 12: break
      default: unknown.append("mode \(value)")
      }
    }
  }

  private mutating func erase(_ column: Int, _ row: Int) {
    text[row][column] = " "
    looks[row][column] = blankLook
  }

  private mutating func eraseLine(_ kind: Int) {
    let range = kind == 0 ? x..<size.width : kind == 1 ? 0..<min(size.width, x + 1) : 0..<size.width
    for column in range { erase(column, y) }
  }

  private mutating func eraseScreen(_ kind: Int) {
    if kind >= 2 { return clear() }
    eraseLine(kind)
    for row in kind == 0 ? (y + 1)..<max(y + 1, size.height) : 0..<y { for column in 0..<size.width { erase(column, row) } }
  }

  private mutating func shift(_ count: Int) {
    for _ in 0..<min(abs(count), size.width) {
      text[y].remove(at: count > 0 ? size.width - 1 : x)
      looks[y].remove(at: count > 0 ? size.width - 1 : x)
      text[y].insert(" ", at: count > 0 ? x : size.width - 1)
      looks[y].insert(blankLook, at: count > 0 ? x : size.width - 1)
    }
  }

  private mutating func insertLines(_ count: Int) {
    guard y >= top, y <= bottom else { return }
    move(count, from: y)
  }

  private mutating func scroll(_ count: Int) { move(-count, from: top) }

  /// Moves the lines from `first` to the bottom margin down, or up when negative.
  private mutating func move(_ count: Int, from first: Int) {
    for _ in 0..<min(abs(count), size.height) {
      text.remove(at: count > 0 ? bottom : first)
      looks.remove(at: count > 0 ? bottom : first)
      text.insert(Array(repeating: " ", count: size.width), at: count > 0 ? first : bottom)
      looks.insert(Array(repeating: blankLook, count: size.width), at: count > 0 ? first : bottom)
    }
  }

  private mutating func attributes(_ values: [Int]) {
    var rest = values[...]
    while let value = rest.popFirst() {
      switch value {
      case 0: look = Look()
      case 1: look.bold = true
      case 22: look.bold = false
      case 7: look.reverse = true
      case 27: look.reverse = false
      case 30...37: look.foreground = value - 30
      case 90...97: look.foreground = value - 82
      case 40...47: look.background = value - 40
      case 100...107: look.background = value - 92
      case 39: look.foreground = nil
      case 49: look.background = nil
      case 38, 48:
        guard rest.popFirst() == 5, let color = rest.popFirst() else { break }
        if value == 38 { look.foreground = color } else { look.background = color }
      default: break
      }
    }
  }
}
