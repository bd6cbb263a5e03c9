import DequeModule

/// Lines of a command's output that wait to become part of the history; bounded, and the only place where lines may be lost.
///
/// A command must not be held up by who reads it: it may be the service itself. What does not fit makes the oldest lines go, which are
/// counted before anything of them was numbered.
struct LineBacklog {
  /// How much waits at most, in bytes of text and a little for each line.
  static let byteLimit = 8 * 1024 * 1024
  private static let lineCost = 64

  private let byteLimit: Int
  private var lines: Deque<String> = []
  /// How much waits now.
  private(set) var bytes = 0
  private var lost = 0

  init(byteLimit: Int = LineBacklog.byteLimit) { self.byteLimit = byteLimit }

  mutating func append(contentsOf new: [String]) {
    for line in new {
      lines.append(line)
      bytes += line.utf8.count + Self.lineCost
    }
    while bytes > byteLimit, lines.count > 1, let oldest = lines.popFirst() {
      bytes -= oldest.utf8.count + Self.lineCost
      lost += 1
    }
  }

  /// Hands out what waits, at most so many lines, and how many were lost before the first of them.
  mutating func take(atMost limit: Int) -> (lines: [String], lost: Int) {
    defer { lost = 0 }
    let count = min(limit, lines.count)
    let taken = Array(lines.prefix(count))
    lines.removeFirst(count)
    for line in taken { bytes -= line.utf8.count + Self.lineCost }
    return (taken, lost)
  }
}
