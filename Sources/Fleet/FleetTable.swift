import Events
import WireFormats

/// How the table is ordered, cut and grouped.
package struct FleetOrder: Hashable, Sendable {
  /// By what.
  package enum Column: Hashable, Sendable {
    /// The worst first.
    case condition
    /// By engine, job and instance.
    case name
    /// The oldest first.
    case age
    /// The greatest first.
    case figure(FleetFigure)

    /// All of them, in the order of the columns.
    package static let all: [Column] = [.condition, .name, .age] + FleetFigure.all.filter { $0 != .breaker }.map(Column.figure)

    /// What it is called.
    package var title: String {
      switch self {
      case .condition: "worst first"
      case .name: "name"
      case .age: "age"
      case .figure(let figure): figure.title
      }
    }
  }

  /// By what it is ordered.
  package var column = Column.condition
  /// Whether the order is turned round; what is not known stays last.
  package var isReversed = false
  /// What rows must hold: words of name, condition or `label=value`, without regard to case; empty for all.
  package var filter = ""
  /// The label by which rows stand together; nil for none.
  package var group: String?

  /// The worst first, all rows, no groups.
  package init() {}
}

/// A row of the table.
package struct FleetRow: Hashable, Sendable {
  /// What is known.
  package var worker: FleetWorker
  /// How it stands.
  package var condition: FleetCondition
  /// The value of the label by which rows are grouped; nil without groups.
  package var group: String?
}

/// The whole fleet at one moment: rows as they are ordered, and totals over all. Pure.
package struct FleetTable: Hashable, Sendable {
  /// The rows that fit the filter.
  package private(set) var rows: [FleetRow] = []
  /// How many workers there are, whatever the filter.
  package private(set) var count = 0
  /// How many stand how, by rank.
  package private(set) var counts: [Int: Int] = [:]
  /// The sum of fragments a second, and of how many workers; current ones only.
  package private(set) var sent: (perSecond: Double, workers: Int) = (0, 0)
  /// What is the matter with the engines' answers, in whole sentences; texts of engines in it are from outside.
  package private(set) var troubles: [FleetTrouble] = []
  /// How many workers more the engines have than are read.
  package private(set) var unread = 0

  /// The table of some engines.
  /// - Parameters:
  ///   - engines: them, each with the name it is told by.
  ///   - order: how rows are ordered, cut and grouped.
  package init(_ engines: [(name: String, engine: FleetEngine)], order: FleetOrder = FleetOrder()) {
    var all: [FleetRow] = []
    for (name, engine) in engines {
      let figures = Set(engine.queries.figures.map(\.figure))
      for worker in engine.workers.values {
        all.append(FleetRow(worker: worker, condition: worker.condition(of: figures), group: order.group.map { worker.labels[$0] ?? "" }))
      }
      troubles += engine.troubles.map { $0.of(name) }
      unread += engine.unread
    }
    count = all.count
    for row in all {
      counts[row.condition.rank, default: 0] += 1
      if row.worker.isCurrent, let rate = row.worker.figures[.sent] { sent = (sent.perSecond + rate, sent.workers + 1) }
    }
    rows = all.filter { Self.fits($0, order.filter) }.sorted { Self.isBefore($0, $1, order) }
  }

  /// Of how many workers it is not known how they stand.
  package var notKnown: Int { counts[FleetCondition.notKnown([]).rank] ?? 0 }

  /// `200 workers: 2 silent, 6 breaker open, 192 running; of 3 of 200 not known`.
  package var summary: String {
    guard count > 0 else { return "no worker is known" }
    let unknownRank = FleetCondition.notKnown([]).rank
    let parts = counts.keys.sorted().filter { $0 != unknownRank }.map { "\(counts[$0] ?? 0) \(FleetCondition.words[$0].word)" }
    let told = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
    let unknown = notKnown > 0 ? "; \(notKnown) of \(count) not known" : ""
    let cut = unread > 0 ? "; \(count) of \(count + unread) are read" : ""
    return "\(count) \(count == 1 ? "worker" : "workers")\(told)\(unknown)\(cut)"
  }

  /// `312.4 fragments/s of 197 of 200 workers`; nil where no worker tells.
  package var throughput: String? {
    guard sent.workers > 0 else { return nil }
    return "\(NumberText.rounded(sent.perSecond, 1)) fragments/s" + (sent.workers == count ? "" : " of \(sent.workers) of \(count) workers")
  }

  /// Equal when everything that shows is.
  package static func == (left: FleetTable, right: FleetTable) -> Bool {
    left.rows == right.rows && left.counts == right.counts && left.troubles == right.troubles && left.sent == right.sent
      && left.unread == right.unread
  }
  /// Goes with `==`.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(rows)
    hasher.combine(troubles)
  }

  private static func fits(_ row: FleetRow, _ filter: String) -> Bool {
    let worker = row.worker
    return filter.lowercased().split(separator: " ").allSatisfy { word in
      if let equals = word.firstIndex(of: "="), equals != word.startIndex {
        let value = word[word.index(after: equals)...]
        return worker.labels.contains { $0.key.lowercased() == word[..<equals] && $0.value.lowercased().contains(value) }
      }
      return [worker.key.job, worker.key.instance, row.condition.text].contains { $0.lowercased().contains(word) }
    }
  }

  private static func isBefore(_ left: FleetRow, _ right: FleetRow, _ order: FleetOrder) -> Bool {
    if let one = left.group, let other = right.group, one != other { return NaturalOrder.isBefore(one, other) }
    let (one, other) = (place(left, order.column), place(right, order.column))
    if one != other {
      guard let one, let other else { return one != nil }
      return order.isReversed ? one > other : one < other
    }
    let turned = order.column == .name && order.isReversed
    return turned ? right.worker.key < left.worker.key : left.worker.key < right.worker.key
  }

  /// Where a row stands, the least first; nil for what is not known.
  private static func place(_ row: FleetRow, _ column: FleetOrder.Column) -> Double? {
    switch column {
    // Ages and counts within a rank are less than a billion.
    case .condition: Double(row.condition.rank) - min(row.condition.weight, 1e9) / 1e10
    case .name: 0
    case .age: row.worker.age.map { -$0 }
    case .figure(let figure):
      (figure == .fallback && row.worker.countsFallbacksWhole ? row.worker.fallbackShare : row.worker.figures[figure]).map { -$0 }
    }
  }
}
