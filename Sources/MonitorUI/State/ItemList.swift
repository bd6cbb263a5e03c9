import HarnessModel

/// What can be selected in a pane, in the order it is shown.
struct ItemList {
  /// One selectable thing.
  struct Item {
    /// Its number in the selection.
    var id: Int
    /// When it occurred; nil where it has no moment.
    var instant: RunInstant?
    /// What is copied and searched; not escaped.
    var text: String
  }

  let items: [Item]

  init(_ pane: Pane, _ run: RunState, _ ui: MonitorState) {
    switch pane {
    case .services:
      items = run.services.enumerated().map { index, service in
        Item(id: index, instant: service.lastCheck?.at, text: "\(service.name) \(service.restarts.last?.value ?? "")")
      }
    case .sync:
      let segments = run.shownStream(ui.stream).map { SyncSegments($0).all } ?? []
      items = segments.map { segment in
        let content = segment.content.map { " content \(Format.signed($0.offsetMilliseconds)) ms" } ?? ""
        let timestamps = segment.alignment.map { " timestamps \(Format.signed($0.deltaMilliseconds)) ms" } ?? ""
        return Item(id: segment.index, instant: segment.at, text: "segment \(segment.index)\(content)\(timestamps)")
      }
    case .metrics:
      if ui.isZoomed {
        let list = SeriesTable.List(run, ui)
        items = (0..<list.count).map { Item(id: $0, instant: nil, text: list.name($0)) }
      } else {
        items = MetricLine.all(run).enumerated().map { Item(id: $0, instant: nil, text: $1.title) }
      }
    case .breaker:
      items = run.breaker.entries.enumerated().map { index, entry in
        Item(id: index, instant: entry.at, text: BreakerPane.sentence(entry))
      }
    case .backpressure:
      items = run.backpressure.entries.enumerated().map { index, entry in
        Item(id: index, instant: entry.at, text: BackpressurePane.words(entry.event))
      }
    case .reconnection:
      items = (run.reconnection.current?.attempts ?? []).enumerated().map { index, attempt in
        Item(id: index, instant: attempt.at, text: "attempt \(attempt.number)")
      }
    case .events:
      if ui.showsRawLogs {
        let list = LogList(run, ui)
        items = list.indices.map { index in
          Item(id: list.serial(index), instant: list.lines[index].at, text: list.lines[index].value.text)
        }
      } else {
        let list = EventList(run, ui.filter)
        items = (0..<list.count).map { Item(id: list[$0].serial, instant: list[$0].at, text: list[$0].text) }
      }
    case .verdict where run.verdict.isJudged:
      items = VerdictRow.all(run, ui).map { Item(id: $0.id, instant: $0.instant, text: $0.text) }
    case .verdict:
      items = run.findings.values.sorted { $0.at < $1.at }.enumerated().map { index, finding in
        Item(id: index, instant: finding.at, text: finding.value.text)
      }
    }
  }

  /// The selected item; the next one where it is gone, nil without a selection.
  func selected(_ id: Int?) -> Item? {
    guard let id else { return nil }
    return position(id).map { items[$0] } ?? items.last
  }

  /// Where an item stands; the one with the next number where it is gone, nil when there is none.
  func position(_ id: Int) -> Int? { nearest(id, items.lazy.map(\.id)) }
}

/// Where a number stands in a list that need not be in order, else the smallest number above it.
private func nearest(_ wanted: Int, _ numbers: some Sequence<Int>) -> Int? {
  var best: (position: Int, number: Int)?
  for (position, number) in numbers.enumerated() {
    if number == wanted { return position }
    if number > wanted, number < best?.number ?? .max { best = (position, number) }
  }
  return best?.position
}

/// The rows of the event stream that a filter lets through, by their time.
///
/// Sources are read one after the other, so that rows come slightly out of order. A row is put before those that came earlier and happened
/// up to ``windowSeconds`` later; one that comes later still stays where it came, where somebody who watches sees it.
struct EventList {
  static let windowSeconds = 10.0

  private let rows: History<EventRow>
  private let indices: [Int]?

  init(_ run: RunState, _ filter: String) {
    rows = run.rows
    guard !filter.isEmpty else {
      indices = Self.byTime(Array(rows.indices), rows)
      return
    }
    let needle = Needle(filter)
    var kept: [Int] = []
    for index in rows.indices {
      let row = rows[index]
      if needle.isIn(row.text) || needle.isIn(row.category.rawValue) || needle.isIn(row.service.text) { kept.append(index) }
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

  /// Where a serial number stands, or the next one that is there.
  func position(ofSerial serial: Int) -> Int? {
    guard count > 0 else { return nil }
    return nearest(serial, (0..<count).lazy.map { self[$0].serial }) ?? count - 1
  }
}

/// The raw log of one service, filtered.
struct LogList {
  let service: ServiceName?
  let lines: History<Timed<LogLine>>
  let indices: [Int]

  init(_ run: RunState, _ ui: MonitorState) {
    let tabs = run.logTabs
    let service = ui.logService.flatMap { tabs.contains($0) ? $0 : nil } ?? tabs.first
    self.service = service
    let lines = service.flatMap { run.logs[$0] } ?? History(limit: 1)
    self.lines = lines
    let needle = Needle(ui.filter)
    indices = ui.filter.isEmpty ? Array(lines.indices) : lines.indices.filter { needle.isIn(lines[$0].value.text) }
  }

  /// The number of a line in its log, never used twice.
  func serial(_ index: Int) -> Int { lines.total - lines.count + index }

  func position(ofSerial serial: Int) -> Int? {
    guard !indices.isEmpty else { return nil }
    return indices.firstIndex { self.serial($0) >= serial } ?? indices.count - 1
  }
}

extension RunState {
  /// Services that have a raw log, in the order of the services.
  var logTabs: [ServiceName] {
    let known = services.map(\.name).filter { logs[$0] != nil }
    return known + logs.keys.filter { !known.contains($0) }.sorted()
  }
}
