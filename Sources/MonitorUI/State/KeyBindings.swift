import TerminalCanvas
import WireFormats

/// Which key does what: data, shown in the help, changed by the configuration file.
package struct KeyBindings: Hashable, Sendable {
  /// What can be bound, in the order of the help.
  package let commands: [Command]
  /// Keys of each command by what it does, the first one shown in the key bar.
  package private(set) var keys: [Command.Action: [Key]] = [:]
  private var actions: [Key: Command.Action] = [:]

  /// Every command with the keys of its row.
  init(_ commands: [Command]) {
    self.commands = commands
    for command in commands {
      keys[command.action] = command.keys
      for key in command.keys { actions[key] = command.action }
    }
  }

  /// Bindings with more commands, whose keys give way to those that are taken.
  package init(_ bindings: KeyBindings, adding more: [Command]) {
    self = KeyBindings(bindings.commands + more)
    keys = bindings.keys
    actions = bindings.actions
    for command in more {
      keys[command.action] = command.keys.filter { actions[$0] == nil }
      for key in command.keys where actions[key] == nil { actions[key] = command.action }
    }
  }

  /// What a key does; nil for a key without a command.
  package func command(for key: Key) -> Command.Action? { actions[key] }

  /// The keys of a command as people read them: `left, h`.
  package func text(for action: Command.Action) -> String {
    (keys[action] ?? []).map(KeyText.text).joined(separator: ", ")
  }

  /// Changes bindings: command name to key text, several keys separated by spaces or commas (`"quit": "q ctrl-c"`). The keys given replace
  /// those of the command and are taken away from whatever had them.
  /// - Throws: A `Problem` for the first name or key (in order of names) that does not exist.
  package mutating func rebind(_ changes: [String: String]) throws(Problem) {
    var changed = self
    for (name, text) in changes.sorted(by: { $0.key < $1.key }) {
      guard let command = commands.first(where: { $0.name == name }) else {
        let hint = NearestWord.hint(name, among: commands.map(\.name))
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
      changed.bind(list, to: command.action)
    }
    guard changed.keys[.quit]?.isEmpty == false else { throw Problem(.conflict, "command quit needs a key") }
    self = changed
  }

  private mutating func bind(_ list: [Key], to action: Command.Action) {
    for key in keys[action] ?? [] where actions[key] == action { actions[key] = nil }
    for key in list {
      if let before = actions[key] { keys[before]?.removeAll { $0 == key } }
      actions[key] = action
    }
    keys[action] = list
  }
}
