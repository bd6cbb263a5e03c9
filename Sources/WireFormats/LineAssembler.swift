/// Cuts bytes that come in pieces into lines of text, with a limit on their length.
///
/// A line ends with LF or CR LF. Pieces may end anywhere, also within a character. Bytes that are no UTF-8 become U+FFFD. Of a
/// line beyond the limit the rest is dropped and a note says how much.
package struct LineAssembler: Sendable {
  /// The longest line, in bytes, without its end.
  package let limit: Int
  /// How many bytes of overlong lines were dropped.
  package private(set) var droppedBytes = 0
  private var partial: [UInt8] = []
  private var droppedHere = 0

  /// An assembler with nothing in it; by default a line holds up to 1 MiB.
  package init(limit: Int = 1024 * 1024) { self.limit = max(1, limit) }

  /// Whether the beginning of a line waits for its end.
  package var hasPartialLine: Bool { !partial.isEmpty || droppedHere > 0 }

  /// Takes bytes in and appends the lines that they complete.
  package mutating func append(_ bytes: some Collection<UInt8>, to lines: inout [String]) {
    if bytes.withContiguousStorageIfAvailable({ cut($0, into: &lines) }) == nil {
      Array(bytes).withUnsafeBufferPointer { cut($0, into: &lines) }
    }
  }

  /// The line that never got an end; nil when there is none.
  package mutating func finish() -> String? { hasPartialLine ? complete() : nil }

  /// Forgets the line that never got an end.
  package mutating func reset() {
    partial.removeAll()
    droppedHere = 0
  }

  private mutating func cut(_ bytes: UnsafeBufferPointer<UInt8>, into lines: inout [String]) {
    var start = 0
    while let end = Bytes.first(0x0A, in: bytes, from: start) {
      let piece = UnsafeBufferPointer(rebasing: bytes[start..<end])
      if !hasPartialLine, piece.count <= limit {
        // Most lines come whole: nothing is kept of them.
        lines.append(Self.text(piece))
      } else {
        hold(piece)
        lines.append(complete())
      }
      start = end + 1
    }
    hold(UnsafeBufferPointer(rebasing: bytes[start...]))
  }

  private static func text(_ line: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: line.last == 0x0D ? UnsafeBufferPointer(rebasing: line.dropLast()) : line, as: UTF8.self)
  }

  private mutating func hold(_ bytes: UnsafeBufferPointer<UInt8>) {
    let room = limit - partial.count
    partial.append(contentsOf: bytes.prefix(room))
    let over = bytes.count - room
    if over > 0 {
      droppedHere += over
      droppedBytes += over
    }
  }

  private mutating func complete() -> String {
    var text = droppedHere == 0 ? partial.withUnsafeBufferPointer { Self.text($0) } : String(decoding: partial, as: UTF8.self)
    if droppedHere > 0 { text += " … [\(droppedHere) bytes more dropped: the line is over \(limit) bytes]" }
    // A long line must not keep its memory for the short ones after it.
    partial.removeAll(keepingCapacity: partial.capacity <= 64 * 1024)
    droppedHere = 0
    return text
  }
}
