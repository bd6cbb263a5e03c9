import DequeModule
import Events
import RunModel

/// Rows that wait for one reader of lines; bounded, so that a reader that stands still costs a limited amount of memory.
///
/// When it is full routine rows go first: what was decided and what is bad is the last that a slow reader misses.
struct RowQueue {
  /// How many rows wait at most: some 20 MB.
  static let limit = 50_000

  private let limit: Int
  private var rows: Deque<EventRow> = []
  private var routine = 0
  private var skipped = 0
  private var reader: CheckedContinuation<Void, Never>?
  private(set) var isEnded: Bool

  init(isEnded: Bool = false, limit: Int = RowQueue.limit) {
    self.isEnded = isEnded
    self.limit = max(2, limit)
  }

  var isEmpty: Bool { rows.isEmpty && skipped == 0 }

  mutating func append(contentsOf new: some Sequence<EventRow>) {
    for row in new {
      rows.append(row)
      if row.severity == .routine { routine += 1 }
    }
    if rows.count > limit { shrink() }
    wake()
  }

  mutating func takeAll() -> (rows: [EventRow], skipped: Int) {
    defer {
      rows.removeAll()
      routine = 0
      skipped = 0
    }
    return (Array(rows), skipped)
  }

  mutating func end() {
    isEnded = true
    wake()
  }

  mutating func wait(_ continuation: CheckedContinuation<Void, Never>) {
    // A second reader displaces the first, which then looks again.
    wake()
    if isEmpty, !isEnded { reader = continuation } else { continuation.resume() }
  }

  mutating func wake() {
    reader?.resume()
    reader = nil
  }

  /// Ends the wait of a reader whose queue goes.
  consuming func wakeLast() { reader?.resume() }

  /// Makes room by a quarter at once, so that a full queue is not searched for each new row.
  private mutating func shrink() {
    let excess = rows.count - limit * 3 / 4
    var left = excess
    if routine > 0 {
      rows.removeAll { row in
        guard left > 0, row.severity == .routine else { return false }
        left -= 1
        return true
      }
      routine -= excess - left
    }
    if left > 0 {
      let kept = { (row: EventRow) in row.category == .run && row.severity != .info }
      var others = left
      rows.removeAll { row in
        guard others > 0, !kept(row) else { return false }
        others -= 1
        return true
      }
      rows.removeFirst(others)
    }
    skipped += excess
  }
}
