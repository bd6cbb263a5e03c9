import HarnessModel
import TerminalCanvas
import WireFormats

/// Which key does what: data, shown in the help, changed by the configuration file.
public struct KeyBindings: Hashable, Sendable {
  /// Keys of each command, the first one shown in the key bar.
  public private(set) var keys: [MonitorCommand: [Key]]
  private var commands: [Key: MonitorCommand]

  /// The bindings as they are without a configuration.
  public static let standard = KeyBindings(defaults)

  private init(_ table: [(MonitorCommand, [Key])]) {
    keys = [:]
    commands = [:]
    for (command, list) in table {
      keys[command] = list
      for key in list { commands[key] = command }
    }
  }

  private static let defaults: [(MonitorCommand, [Key])] = [
    (.quit, [.char("q"), .ctrl("c")]), (.help, [.char("?"), .function(1)]), (.pause, [.char(" ")]),
    (.timeBack, [.left, .char("h")]), (.timeForward, [.right, .char("l")]),
    (.timeBackFar, [.char("H"), .char("<")]), (.timeForwardFar, [.char("L"), .char(">")]),
    (.live, [.end]), (.timeStart, [.home]), (.zoomTimeIn, [.char("+"), .char("=")]), (.zoomTimeOut, [.char("-")]),
    (.focusNext, [.tab]), (.focusPrevious, [.backTab]),
    (.focus1, [.char("1")]), (.focus2, [.char("2")]), (.focus3, [.char("3")]), (.focus4, [.char("4")]),
    (.focus5, [.char("5")]), (.focus6, [.char("6")]), (.focus7, [.char("7")]), (.focus8, [.char("8")]),
    (.enter, [.enter]), (.zoom, [.char("z")]), (.back, [.escape]), (.up, [.up, .char("k")]), (.down, [.down, .char("j")]),
    (.pageUp, [.pageUp, .ctrl("b")]), (.pageDown, [.pageDown, .ctrl("f")]), (.first, [.char("g")]), (.last, [.char("G")]),
    (.filter, [.char("/")]), (.search, [.ctrl("s")]), (.nextMatch, [.char("n")]), (.previousMatch, [.char("N")]),
    (.faults, [.char("f")]), (.verdict, [.char("v")]), (.rawLogs, [.char("r")]), (.nextTab, [.char("R")]),
    (.nextStream, [.char("S"), .char("]")]), (.previousStream, [.char("[")]), (.sort, [.char("o")]),
    (.mark, [.char("m")]), (.copy, [.char("y")]), (.save, [.char("s")]), (.theme, [.char("t")]), (.mouse, [.char("M")]),
    (.utc, [.char("u")]), (.suspend, [.ctrl("z")]), (.redraw, [.ctrl("l")]),
  ]

  /// What a key does; nil for a key without a command.
  public func command(for key: Key) -> MonitorCommand? { commands[key] }

  /// The keys of a command as people read them: `left, h`.
  public func text(for command: MonitorCommand) -> String {
    (keys[command] ?? []).map(KeyText.text).joined(separator: ", ")
  }

  /// Changes bindings: command name to key text, several keys separated by spaces or commas (`"quit": "q ctrl-c"`). The keys given replace
  /// those of the command and are taken away from whatever had them.
  /// - Throws: A `Problem` for the first name or key (in order of names) that does not exist.
  public mutating func rebind(_ changes: [String: String]) throws(Problem) {
    var changed = self
    for (name, text) in changes.sorted(by: { $0.key < $1.key }) {
      guard let command = MonitorCommand(rawValue: name) else {
        let hint = NearestWord.hint(name, among: MonitorCommand.allCases.map(\.rawValue))
        throw Problem(.unknownName, "no command is called \"\(escapeUntrusted(name))\"\(hint)")
      }
      var list: [Key] = []
      for word in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
        guard let key = KeyText.key(String(word)) else {
          let hint = NearestWord.hint(String(word), among: KeyText.names)
          throw Problem(.unknownName, "command \(name): no key is called \"\(escapeUntrusted(String(word)))\"\(hint)")
        }
        list.append(key)
      }
      changed.bind(list, to: command)
    }
    guard changed.keys[.quit]?.isEmpty == false else { throw Problem(.conflict, "command quit needs a key") }
    self = changed
  }

  private mutating func bind(_ list: [Key], to command: MonitorCommand) {
    for key in keys[command] ?? [] where commands[key] == command { commands[key] = nil }
    for key in list {
      if let before = commands[key] { keys[before]?.removeAll { $0 == key } }
      commands[key] = command
    }
    keys[command] = list
  }
}
