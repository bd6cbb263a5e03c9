import Events
import RunModel

/// The rows of the event stream that filters let through, by their time.
///
/// Sources are read one after the other, so that rows come slightly out of order. A row is put before those that came earlier and happened
/// up to ``windowSeconds`` later; one that comes later still stays where it came, where somebody who watches sees it.
struct EventList {
  static let windowSeconds = 10.0

  private let rows: History<EventRow>
  private let indices: [Int]?

  /// What the user asked to see.
  init(_ run: RunState, _ ui: MonitorState) { self.init(run, ui.filter, ui.gravity) }

  init(_ run: RunState, _ filter: String = "", _ gravity: GravityFilter = .none) {
    rows = run.rows
    let needle = Needle(filter)
    guard !needle.isEmpty || gravity != .none else {
      indices = Self.byTime(Array(rows.indices), rows)
      return
    }
    var kept: [Int] = []
    for index in rows.indices where gravity.shows(rows[index].severity) {
      let row = rows[index]
      if needle.isEmpty || needle.isIn(any: [row.text, row.category.rawValue, row.service.text]) { kept.append(index) }
    }
    indices = Self.byTime(kept, rows) ?? kept
  }

  /// The rows by time; nil when they are in order already, which costs one look at each.
  private static func byTime(_ kept: [Int], _ rows: History<EventRow>) -> [Int]? {
    var times = kept.map { rows[$0].at.seconds }
    guard zip(times, times.dropFirst()).contains(where: { $0 > $1 }) else { return nil }
    var order = kept
    for index in order.indices.dropFirst() {
      var place = index
      while place > 0, times[place - 1] > times[place], times[place - 1] - times[place] <= windowSeconds {
        times.swapAt(place, place - 1)
        order.swapAt(place, place - 1)
        place -= 1
      }
    }
    return order
  }

  var count: Int { indices?.count ?? rows.count }
  subscript(index: Int) -> EventRow { rows[indices?[index] ?? index] }

  /// How many rows are later than a moment: the last ones, but for those that come out of order.
  func count(after instant: RunInstant) -> Int {
    (0..<count).reversed().prefix { self[$0].at > instant }.count
  }

  /// Where a serial number stands, or the next one that is there.
  func position(ofSerial serial: Int) -> Int? {
    guard count > 0 else { return nil }
    return ItemList.nearest(serial, (0..<count).lazy.map { self[$0].serial }) ?? count - 1
  }
}
