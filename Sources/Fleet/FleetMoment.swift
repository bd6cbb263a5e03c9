import Contracts
import Events
import WireFormats

/// A fleet as it was after one refresh of all its engines.
package struct FleetMoment: Sendable {
  /// The engines that answered, each with the name it is told by.
  package var engines: [(name: String, engine: FleetEngine)] = []
  /// What is the matter with engines of which nothing is known yet, in whole sentences.
  package var failures: [FleetTrouble] = []
  /// Whether every engine was asked everything at least once: before, much is not known that will be in a second.
  package var isSettled = true
  /// When the refresh ended, by this machine's clock.
  package var at: WallTime
  /// How many requests the refresh made.
  package var requests = 0
  /// How long it took, in real seconds.
  package var seconds = 0.0

  /// A moment at which nothing is known.
  package init(at: WallTime) { self.at = at }

  /// The table of it.
  package func table(_ order: FleetOrder = FleetOrder()) -> FleetTable { FleetTable(engines, order: order) }

  /// What is the matter, in whole sentences; texts of engines in it are from outside.
  package func troubles(_ table: FleetTable) -> [FleetTrouble] { failures + table.troubles }

  /// The same at a later time at which nothing was asked: all that is known is older.
  package func grown(to now: WallTime) -> FleetMoment {
    var later = self
    for place in later.engines.indices { later.engines[place].engine.grow(to: now.epochSeconds) }
    return later
  }

  /// The contracts in force, once each.
  package var contracts: [String] {
    var seen: Set<String> = []
    return engines.map(\.engine.queries.contract.name).filter { seen.insert($0).inserted }
  }

  /// The whole fleet for programs. What is not known is `null`.
  package var json: JSONValue {
    let table = table()
    let workers = table.rows.map { row -> JSONValue in
      let worker = row.worker
      var figures: [String: JSONValue] = [:]
      for figure in FleetFigure.all where figure != .breaker {
        figures[figure.name] = worker.figures[figure].map(JSONValue.shortest) ?? .null
      }
      return [
        "job": .string(worker.key.job), "instance": .string(worker.key.instance), "engine": .integer(Int64(worker.key.engine)),
        "labels": .object(worker.labels.mapValues(JSONValue.string)), "state": .string(row.condition.word),
        "sentence": .string(row.condition.text), "is_current": .bool(worker.isCurrent), "up": worker.isUp.map(JSONValue.bool) ?? .null,
        "breaker": worker.breaker.map { .string($0.rawValue) } ?? .null,
        "fallback_share": worker.fallbackShare.map(JSONValue.shortest) ?? .null, "age_seconds": worker.age.map(JSONValue.shortest) ?? .null,
        "scrape_interval_seconds": worker.interval.map(JSONValue.shortest) ?? .null,
        "alerts": worker.alerts.map { .array($0.map(JSONValue.string)) } ?? .null,
        "figures": .object(figures),
      ]
    }
    return [
      "summary": .string(table.summary), "workers": .array(workers), "not_known": .integer(Int64(table.notKnown)),
      "troubles": .array(troubles(table).map { .string($0.sentence) }), "contracts": .array(contracts.map(JSONValue.string)),
      "requests": .integer(Int64(requests)), "seconds": .shortest(seconds), "at": .shortest(at.epochSeconds),
    ]
  }
}
