import Events
import Fleet
import TerminalCanvas
import WireFormats

/// A column of the fleet's table.
struct FleetColumn: Sendable {
  /// What a cell is made of.
  struct Context {
    let row: FleetRow
    let hasJobs: Bool
    let glyphs: GlyphSet
    var worker: FleetWorker { row.worker }
  }

  let title: String
  let width: Constraint
  var alignment = TextAlignment.right
  var priority = 100
  /// The order that this column shows.
  var sorts: FleetOrder.Column?
  let cell: @Sendable (Context) -> (String, Role)

  /// All of them, in their order.
  static func all(group: String?) -> [FleetColumn] {
    let grouped = group.map { label in
      [FleetColumn(title: label, width: .fixed(14), alignment: .left, priority: 90) { ($0.row.group ?? "", .label) }]
    }
    return (grouped ?? []) + columns
  }

  /// What is not known in a cell.
  private static let unknown = "–"

  private static let columns: [FleetColumn] = [
    FleetColumn(title: "worker", width: .flex(min: 12, weight: 2, max: 32), alignment: .left, priority: 0, sorts: .name) { context in
      let key = context.worker.key
      return (context.hasJobs ? "\(key.job)/\(key.instance)" : key.instance, .text)
    },
    FleetColumn(title: "state", width: .flex(min: 20, weight: 3, max: 40), alignment: .left, priority: 110, sorts: .condition) { context in
      (context.row.condition.text, role(context.row.condition.gravity))
    },
    FleetColumn(title: "breaker", width: .fixed(9), alignment: .left, priority: 80) { context in
      guard let breaker = context.worker.breaker else { return (unknown, .unknown) }
      let role: Role =
        switch breaker {
        case .closed: .good
        case .halfOpen: .warning
        case .open: .bad
        }
      return (breaker.rawValue, context.worker.isCurrent ? role : .dim)
    },
    figure(.sent, 8, 95) { NumberText.fixed($0, 2) },
    FleetColumn(title: "fallback", width: .fixed(10), priority: 90, sorts: .figure(.fallback)) { context in
      if !context.worker.countsFallbacksWhole, let count = context.worker.figures[.fallback], count > 0 {
        return ("at least \(NumberText.rounded(max(1, count), 0))", context.worker.isCurrent ? .warning : .dim)
      }
      guard let share = context.worker.fallbackShare else { return (unknown, .unknown) }
      return (FleetText.percent(share), !context.worker.isCurrent ? .dim : share > 0 ? .warning : .text)
    },
    figure(.inflight, 11, 70) { NumberText.rounded($0, 0) },
    figure(.sync, 9, 60) { NumberText.rounded($0, 1) },
    figure(.backpressure, 10, 50) { NumberText.rounded($0, 0) },
    figure(.reconnections, 8, 40) { NumberText.rounded($0, 0) },
    FleetColumn(title: "age", width: .fixed(7), priority: 85, sorts: .age) { context in
      guard let age = context.worker.age else { return (unknown, .unknown) }
      return (FleetText.seconds(age), context.worker.isCurrent ? .dim : .bad)
    },
    FleetColumn(title: "last 15 min", width: .fixed(15), alignment: .left, priority: 30) { context in
      let bars = context.glyphs.bars
      let cells = context.worker.strip.map { state -> Character in
        switch state {
        case .closed?: bars.first ?? "."
        case .halfOpen?: bars[bars.count / 2]
        case .open?: bars.last ?? "#"
        case nil: " "
        }
      }
      return (String(cells), context.worker.strip.contains(.open) ? .bad : .chart)
    },
  ]

  /// A figure; what is old is dim, as it may be otherwise by now.
  private static func figure(
    _ figure: FleetFigure, _ width: Int, _ priority: Int, _ text: @escaping @Sendable (Double) -> String
  ) -> FleetColumn {
    FleetColumn(title: figure.title, width: .fixed(width), priority: priority, sorts: .figure(figure)) { context in
      guard let value = context.worker.figures[figure] else { return (unknown, .unknown) }
      return (text(value), context.worker.isCurrent ? .text : .dim)
    }
  }

  private static func role(_ gravity: FleetCondition.Gravity) -> Role {
    switch gravity {
    case .bad: .bad
    case .warning: .warning
    case .unknown: .unknown
    case .plain: .text
    case .good: .good
    }
  }
}
