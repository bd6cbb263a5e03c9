import CNcurses
import TerminalCanvas
import WireFormats

/// Turns cells into what ncurses may be given: the C library, by which ncurses counts, must agree on every width. Used on the terminal's
/// thread only, since the widths depend on its locale.
struct CellEncoder {
  private let unicode: Bool
  private var widths: [UInt32: Int32] = [:]

  init(unicode: Bool) { self.unicode = unicode }

  /// The scalars for a lead or single cell. Where libc and our table differ about the base, replacement characters of the same width take
  /// its place, so `second` is what goes into the continuation's cell then; a mark that libc does not count as 0 wide is left out.
  mutating func encode(_ cell: Cell, into scalars: inout [UInt32]) -> (count: Int, second: UInt32?) {
    let base = cell.base
    if base < 0x7F || (unicode && width(base) == Int32(cell.width)) {
      scalars[0] = base
      var count = 1
      var marks = cell.marks
      while marks != 0, count < scalars.count {
        let mark = UInt32(truncatingIfNeeded: marks & 0x1F_FFFF)
        if unicode, width(mark) == 0 {
          scalars[count] = mark
          count += 1
        }
        marks >>= 21
      }
      return (count, nil)
    }
    let replacement = Unicode.Scalar(base).map(ASCIIText.approximation) ?? "?"
    scalars[0] = replacement.unicodeScalars.first?.value ?? 0x3F
    return (1, cell.width == 2 ? 0x20 : nil)
  }

  /// Columns according to the C library, in the locale of the calling thread; -1 for what it cannot show.
  static func libraryWidth(_ scalar: UInt32) -> Int32 { dw_width(scalar) }

  private mutating func width(_ scalar: UInt32) -> Int32 {
    if let known = widths[scalar] { return known }
    let width = Self.libraryWidth(scalar)
    // Text from outside may hold any scalar; what panes draw fits easily.
    if widths.count > 4096 { widths.removeAll() }
    widths[scalar] = width
    return width
  }
}
