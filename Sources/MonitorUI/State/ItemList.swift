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
    return items.first { $0.id >= id } ?? items.last
  }
}

/// The rows of the event stream that a filter lets through.
struct EventList {
  private let rows: History<EventRow>
  private let indices: [Int]?

  init(_ run: RunState, _ filter: String) {
    rows = run.rows
    guard !filter.isEmpty else {
      indices = nil
      return
    }
    let needle = Needle(filter)
    var kept: [Int] = []
    for index in rows.indices {
      let row = rows[index]
      if needle.isIn(row.text) || needle.isIn(row.category.rawValue) || needle.isIn(row.service.text) { kept.append(index) }
    }
    indices = kept
  }

  var count: Int { indices?.count ?? rows.count }
  subscript(index: Int) -> EventRow { rows[indices?[index] ?? index] }

  /// Where a serial number stands, or the next one that is there.
  func position(ofSerial serial: Int) -> Int? {
    guard count > 0 else { return nil }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].serial >= serial { high = middle } else { low = middle + 1 }
    }
    return min(low, count - 1)
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
