/// Cuts bytes that come in pieces into lines of text, with a limit on their length.
///
/// A line ends with LF or CR LF. Pieces may end anywhere, also within a character. Bytes that are no UTF-8 become U+FFFD. Of a
/// line beyond the limit the rest is dropped and a note says how much.
public struct LineAssembler: Sendable {
  /// The longest line, in bytes, without its end.
  public let limit: Int
  /// How many bytes of overlong lines were dropped.
  public private(set) var droppedBytes = 0
  private var partial: [UInt8] = []
  private var droppedHere = 0

  /// An assembler with nothing in it; by default a line holds up to 1 MiB.
  public init(limit: Int = 1024 * 1024) { self.limit = max(1, limit) }

  /// Whether the beginning of a line waits for its end.
  public var hasPartialLine: Bool { !partial.isEmpty || droppedHere > 0 }

  /// Takes bytes in and appends the lines that they complete.
  public mutating func append(_ bytes: some Collection<UInt8>, to lines: inout [String]) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0x0A) {
      hold(rest[..<end])
      lines.append(complete())
      rest = rest[rest.index(after: end)...]
    }
    hold(rest)
  }

  /// The line that never got an end; nil when there is none.
  public mutating func finish() -> String? { hasPartialLine ? complete() : nil }

  /// Forgets the line that never got an end.
  public mutating func reset() {
    partial.removeAll()
    droppedHere = 0
  }

  private mutating func hold(_ bytes: some Collection<UInt8>) {
    let room = limit - partial.count
    partial.append(contentsOf: bytes.prefix(room))
    let over = bytes.count - room
    if over > 0 {
      droppedHere += over
      droppedBytes += over
    }
  }

  private mutating func complete() -> String {
    if droppedHere == 0, partial.last == 0x0D { partial.removeLast() }
    var text = String(decoding: partial, as: UTF8.self)
    if droppedHere > 0 { text += " … [\(droppedHere) bytes more dropped: the line is over \(limit) bytes]" }
    // A long line must not keep its memory for the short ones after it.
    partial.removeAll(keepingCapacity: partial.capacity <= 64 * 1024)
    droppedHere = 0
    return text
  }
}
