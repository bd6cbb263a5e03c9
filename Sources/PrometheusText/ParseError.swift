/// Why an exposition was refused, and where.
package struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line of the mistake, from 1.
  package let line: Int
  /// The character (Unicode scalar) of the mistake within its line, from 1.
  package let column: Int
  /// One sentence, without position; text of the endpoint in it is escaped.
  package let message: String
  /// The text around the mistake: at most 60 bytes of its line, control characters and invalid bytes escaped.
  package let excerpt: String

  /// An error of these parts, as they are.
  package init(line: Int, column: Int, message: String, excerpt: String) {
    self.line = line
    self.column = column
    self.message = message
    self.excerpt = excerpt
  }

  /// `line 3, column 12: <message>: <excerpt>`
  package var description: String {
    let place = "line \(line), column \(column): \(message)"
    return excerpt.isEmpty ? place : "\(place): \(excerpt)"
  }
}

/// An error as the scanners raise it: a place in the input, turned into line and column only when it leaves the parser.
struct ParseFailure: Error {
  let offset: Int
  let message: String

  init(_ offset: Int, _ message: String) {
    self.offset = offset
    self.message = message
  }

  func located(in view: ByteView) -> ParseError {
    let place = min(max(offset, 0), view.count)
    var line = 1
    var lineStart = 0
    for index in 0..<place where view[index] == ByteClass.newline {
      line += 1
      lineStart = index + 1
    }
    return located(in: view, line: line, lineStart: lineStart)
  }

  /// The same where the line and its start are known.
  func located(in view: ByteView, line: Int, lineStart: Int) -> ParseError {
    let place = min(max(offset, lineStart), view.count)
    var column = 1
    for index in lineStart..<place where view[index] & 0xC0 != 0x80 { column += 1 }
    var lineEnd = place
    while lineEnd < view.count, view[lineEnd] != ByteClass.newline { lineEnd += 1 }
    let from = max(lineStart, min(place - 30, lineEnd - 60))
    let excerpt = view.escaped(from, min(lineEnd, from + 60))
    return ParseError(line: line, column: column, message: message, excerpt: excerpt)
  }
}

extension ByteView {
  /// The bytes as printable ASCII and well-formed letters beyond it; everything else as `\n`, `\t`, `\r`, `\xFF` or `\u{...}`.
  func escaped(_ start: Int, _ end: Int) -> String {
    var result = ""
    var index = max(start, 0)
    // A cut in the middle of a character shows as escaped bytes otherwise.
    while index < end, index > 0, self[index] & 0xC0 == 0x80, index - start < 3 { index += 1 }
    while index < end {
      let length = scalarLength(at: index, end: end)
      guard length > 0 else {
        result += "\\x" + Self.hex(UInt32(self[index]))
        index += 1
        continue
      }
      for scalar in String(decoding: slice(index, index + length), as: UTF8.self).unicodeScalars {
        result += Self.printable(scalar)
      }
      index += length
    }
    return result
  }

  private static func printable(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\t": return "\\t"
    case "\r": return "\\r"
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
      return "\\u{\(hex(scalar.value))}"
    default:
      return String(Character(scalar))
    }
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return digits.utf8.count < 2 ? "0" + digits : digits
  }
}
