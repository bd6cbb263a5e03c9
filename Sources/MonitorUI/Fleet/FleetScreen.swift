import Events
import Fleet
import TerminalCanvas

/// What the user of a fleet's screen looks at; a reducer over keys. Pure.
package struct FleetScreen: Sendable {
  /// What a key may ask of the program.
  package enum Effect: Hashable, Sendable { case quit, open(WorkerKey), redraw, suspend }

  /// What a key does: a row of ``commands``.
  enum Act: Hashable, Sendable {
    case move(Int)
    case first, last, open, sort, reverse, group, filter, clear, help, quit, redraw, suspend
  }

  /// A row of the keys: what it does, in words for the help.
  struct Command: Sendable {
    let keys: [Key]
    let act: Act
    let words: String
    var hint: String?
  }

  static let commands: [Command] = [
    Command(keys: [.enter], act: .open, words: "open the worker in the eight panes; there, q leads back", hint: "open"),
    Command(keys: [.char("s")], act: .sort, words: "sort by the next column", hint: "sort"),
    Command(keys: [.char("r")], act: .reverse, words: "turn the order round; what is not known stays last", hint: "reverse"),
    Command(keys: [.char("/")], act: .filter, words: "show rows that hold these words; label=value for a label", hint: "filter"),
    Command(keys: [.char("b")], act: .group, words: "group by the next label", hint: "group"),
    Command(keys: [.up, .char("k")], act: .move(-1), words: "the row above"),
    Command(keys: [.down, .char("j")], act: .move(1), words: "the row below"),
    Command(keys: [.pageUp, .ctrl("b")], act: .move(-10), words: "ten rows up"),
    Command(keys: [.pageDown, .ctrl("f")], act: .move(10), words: "ten rows down"),
    Command(keys: [.home, .char("g")], act: .first, words: "the first row"),
    Command(keys: [.end, .char("G")], act: .last, words: "the last row"),
    Command(keys: [.escape, .char("0")], act: .clear, words: "close the help, show all rows, worst first"),
    Command(keys: [.ctrl("l")], act: .redraw, words: "draw the screen anew"),
    Command(keys: [.ctrl("z")], act: .suspend, words: "stop; fg goes on"),
    Command(keys: [.char("?"), .function(1)], act: .help, words: "this list", hint: "help"),
    Command(keys: [.char("q"), .ctrl("c")], act: .quit, words: "quit", hint: "quit"),
  ]

  /// How rows are ordered, cut and grouped.
  package private(set) var order = FleetOrder()
  /// The selected worker, which keeps being selected wherever its row goes; nil for the first row.
  package private(set) var selected: WorkerKey?
  /// What is typed of a filter; nil while none is.
  package private(set) var typed: String?
  /// Whether the list of keys shows.
  package private(set) var showsHelp = false
  /// The fleet as it was told last; nil before that.
  package private(set) var moment: FleetMoment?
  /// The table of it.
  package private(set) var table = FleetTable([])
  /// Colours.
  package var theme: Theme
  /// Whether the theme follows the terminal's background.
  package var followsGround: Bool
  /// What is drawn on.
  package var surface = ThemeSurface()

  /// A screen without a fleet yet.
  package init(theme: Theme?) {
    self.theme = theme ?? .dark
    followsGround = theme == nil
  }

  /// Takes over what a terminal can show.
  package mutating func adopt(_ capabilities: TerminalCapabilities) {
    surface.colors = capabilities.colors
    if let ground = capabilities.ground { adopt(ground) }
    if capabilities.colors == .none { (theme, followsGround) = (.none, false) }
  }

  /// Takes over what the terminal draws on.
  package mutating func adopt(_ ground: Ground) {
    surface.ground = ground
    if followsGround { theme = ground == .light ? .light : .dark }
  }

  /// Takes the fleet as it is now.
  package mutating func show(_ moment: FleetMoment) {
    self.moment = moment
    table = moment.table(order)
  }

  /// Lets the fleet as it was told last grow older, where it was not looked at for a while.
  package mutating func grow(to now: WallTime) {
    if let moment { show(moment.grown(to: now)) }
  }

  /// The row that is selected; nil where there is none.
  package var selection: Int? {
    guard !table.rows.isEmpty else { return nil }
    return selected.flatMap { key in table.rows.firstIndex { $0.worker.key == key } } ?? 0
  }

  /// Does what a key asks for.
  package mutating func take(_ key: Key) -> Effect? {
    if typed != nil { return type(key) }
    guard let command = Self.commands.first(where: { $0.keys.contains(key) }) else { return nil }
    switch command.act {
    case .quit: return .quit
    case .redraw: return .redraw
    case .suspend: return .suspend
    case .open: return selection.map { .open(table.rows[$0].worker.key) }
    case .move(let rows): select((selection ?? 0) + rows)
    case .first: select(0)
    case .last: select(table.rows.count - 1)
    case .sort:
      let all = FleetOrder.Column.all
      order.column = all[((all.firstIndex(of: order.column) ?? -1) + 1) % all.count]
    case .reverse: order.isReversed.toggle()
    case .group: nextGroup()
    case .filter: typed = order.filter
    case .clear: if showsHelp { showsHelp = false } else { order = FleetOrder() }
    case .help: showsHelp.toggle()
    }
    reorder()
    return nil
  }

  /// The labels by which workers differ, in the order of their names.
  var groupLabels: [String] {
    var values: [String: [String: Int]] = [:]
    var count = 0
    for (_, engine) in moment?.engines ?? [] {
      for worker in engine.workers.values {
        count += 1
        for (label, value) in worker.labels where label != "instance" { values[label, default: [:]][value, default: 0] += 1 }
      }
    }
    // One value that all have tells nobody apart.
    return values.filter { !$0.value.values.contains(count) }.keys.sorted()
  }

  private mutating func nextGroup() {
    let labels = groupLabels
    guard let group = order.group, let place = labels.firstIndex(of: group) else {
      order.group = labels.first
      return
    }
    order.group = place + 1 < labels.count ? labels[place + 1] : nil
  }

  private mutating func select(_ row: Int) {
    guard !table.rows.isEmpty else { return }
    selected = table.rows[min(max(0, row), table.rows.count - 1)].worker.key
  }

  private mutating func reorder() { if let moment { table = moment.table(order) } }

  /// A key while a filter is typed: rows follow each letter.
  private mutating func type(_ key: Key) -> Effect? {
    switch key {
    case .enter: typed = nil
    case .escape, .ctrl("c"): (typed, order.filter) = (nil, "")
    case .backspace: order.filter = String(order.filter.dropLast())
    case .char(let character) where order.filter.count < 200: order.filter.append(character)
    default: return nil
    }
    if typed != nil { typed = order.filter }
    reorder()
    return nil
  }
}
