/// Takes lines of `docker logs --timestamps` apart and recognises those that were read before.
///
/// A log that is followed anew begins some time before the last line that was read, since the two streams of a container are not
/// written in the order of their times; what was read already is left out, line by line.
struct LogStamper: Sendable {
  /// How far before the latest line a log is read again, in nanoseconds.
  static let overlap: Int64 = 2_000_000_000
  /// The engine cuts long lines into pieces of this many bytes, each with a time of its own.
  static let pieceLength = 16 * 1024

  struct Seen: Hashable {
    var time: EngineTime
    var hash: Int
    var length: Int
  }

  /// When following began; what the engine took in before is the log's past. Nil where the engine has another clock.
  var begin: EngineTime?
  /// Whether the line that was taken last is of the log's past.
  private(set) var isPast = false
  private var latest: EngineTime?
  /// The time of the latest line that was taken.
  var latestTime: EngineTime? { latest }
  private(set) var recent: [Seen] = []
  /// What the present reading may repeat, and how often.
  private var repeats: [Seen: Int] = [:]

  /// From when the log is to be read; nil for its beginning.
  var since: String? { latest.map { EngineTime(nanoseconds: $0.nanoseconds - Self.overlap).argument } }

  /// A new reading begins, at ``since``.
  mutating func beginReading() {
    repeats = [:]
    prune()
    for seen in recent { repeats[seen, default: 0] += 1 }
  }

  /// Takes a line in.
  /// - Returns: its text without its time, nil for one that was read before; and whether it had a time at all: what has none is no line of
  ///   the container, but the client's own words.
  mutating func take(_ line: String) -> (text: String?, isStamped: Bool) {
    var bytes = Array(line.utf8)
    guard let (time, length) = EngineTime.read(bytes[...]), bytes.count > length ? bytes[length] == 0x20 : true else {
      return (nil, false)
    }
    bytes.removeFirst(min(bytes.count, length + 1))
    if bytes.count > Self.pieceLength { Self.join(&bytes) }
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    let seen = Seen(time: time, hash: hasher.finalize(), length: bytes.count)
    if let count = repeats[seen], count > 0 {
      repeats[seen] = count - 1
      return (nil, true)
    }
    latest = max(latest ?? time, time)
    isPast = begin.map { time < $0 } ?? false
    recent.append(seen)
    if recent.count >= 4096, recent.count & (recent.count - 1) == 0 { prune() }
    return (String(decoding: bytes, as: UTF8.self), true)
  }

  private mutating func prune() {
    guard let latest else { return }
    recent.removeAll { $0.time.nanoseconds < latest.nanoseconds - Self.overlap }
  }

  /// Removes the times in front of the second and later pieces of a long line.
  private static func join(_ bytes: inout [UInt8]) {
    var joined = Array(bytes.prefix(pieceLength))
    var position = pieceLength
    while position < bytes.count {
      if let (_, length) = EngineTime.read(bytes[position...]), position + length < bytes.count, bytes[position + length] == 0x20 {
        position += length + 1
      }
      let end = min(bytes.count, position + pieceLength)
      joined += bytes[position..<end]
      position = end
    }
    bytes = joined
  }
}
