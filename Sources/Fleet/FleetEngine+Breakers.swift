import Contracts
import Events

extension FleetEngine {
  /// The breaker of each worker, of its streams the worst; nil where that is a state that the contract does not know.
  func breakers(_ result: EngineResult, _ binding: SignalBinding) -> [WorkerKey: BreakerState?] {
    var found: [WorkerKey: BreakerState?] = [:]
    for series in result.series {
      guard let key = key(series.labels), let value = series.value, let state = state(value, series.labels, binding) else { continue }
      found.updateValue(found[key].map { Self.worse($0, state) } ?? state, forKey: key)
    }
    return found
  }

  /// What a series says: nil where it says nothing, a state that is not 1; `.some(nil)` where the contract does not know it.
  func state(_ value: Double, _ labels: [String: String], _ binding: SignalBinding) -> BreakerState?? {
    guard let label = binding.stateLabel else { return .some(queries.contract.breakerState(code: value)) }
    guard value > 0.5 else { return nil }
    return .some(labels[label].flatMap { queries.contract.breakerState(word: $0) })
  }

  /// The worse of two states: what is not known may be open, and is worse than closed.
  static func worse(_ left: BreakerState?, _ right: BreakerState?) -> BreakerState? {
    let order: [BreakerState?] = [.closed, nil, .halfOpen, .open]
    return (order.firstIndex(of: left) ?? 0) >= (order.firstIndex(of: right) ?? 0) ? left : right
  }
}

/// The breaker's course of each worker, a cell a step, the newest last.
enum FleetStrip {
  private static let count = Int(FleetQueries.stripSeconds / FleetQueries.stripStep)

  /// How many whole cells lie between two times, at most a strip of them.
  static func cells(from start: Double, to end: Double) -> Int {
    let cells = ((end - start) / FleetQueries.stripStep).rounded(.down)
    return cells > 0 ? Int(min(cells, Double(count))) : 0
  }

  /// A strip some cells later: of the new ones nothing is known.
  static func moved(_ strip: [BreakerState?], by cells: Int) -> [BreakerState?] {
    cells > 0 && !strip.isEmpty ? Array(strip.dropFirst(cells)) + Array(repeating: nil, count: min(cells, strip.count)) : strip
  }

  /// Reads the course of all workers.
  /// - Parameter end: the end of the stretch that was asked for: a point that is older than it stays where it was.
  static func read(_ result: EngineResult, end: Double, of engine: FleetEngine, into now: inout [WorkerKey: FleetWorker]) {
    guard let binding = engine.queries.figures.first(where: { $0.figure == .breaker })?.binding else { return }
    var states: [WorkerKey: [BreakerState??]] = [:]
    for series in result.series {
      guard let key = engine.key(series.labels) else { continue }
      for point in series.points {
        let back = ((end - point.time) / FleetQueries.stripStep).rounded()
        guard back >= 0, back < Double(count), let state = engine.state(point.value, series.labels, binding) else { continue }
        let cell = count - 1 - Int(back)
        var cells = states[key] ?? Array(repeating: nil, count: count)
        let worst: BreakerState? = cells[cell].map { FleetEngine.worse($0, state) } ?? state
        cells[cell] = .some(worst)
        states[key] = cells
      }
    }
    for key in now.keys { now[key]?.strip = (states[key] ?? Array(repeating: nil, count: count)).map { $0 ?? nil } }
  }
}
