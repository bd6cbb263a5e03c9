import Events
import RunModel

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
    indices = needle.isEmpty ? Array(lines.indices) : lines.indices.filter { needle.isIn(lines[$0].value.text) }
  }

  /// The number of a line in its log, never used twice.
  func serial(_ index: Int) -> Int { lines.total - lines.count + index }

  func position(ofSerial serial: Int) -> Int? {
    guard !indices.isEmpty else { return nil }
    return indices.firstIndex { self.serial($0) >= serial } ?? indices.count - 1
  }
}
