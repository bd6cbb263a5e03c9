import RunModel

/// The list of all commands, in which one is chosen by its words.
extension MonitorState {
  mutating func openPalette() {
    open(.palette)
    prompt = Prompt(purpose: .command, text: "")
  }

  /// The commands of which name, help or keys have every word that is typed, in the order of the help.
  var foundCommands: [Command] {
    let needles = (prompt?.text ?? "").split(separator: " ").map { Needle(String($0)) }
    return bindings.commands.filter { command in
      let words = [command.name, command.help, bindings.text(for: command.action)]
      return command.action != .palette && needles.allSatisfy { $0.isIn(any: words) }
    }
  }

  /// Does the command that is chosen; where there is none the list stays.
  mutating func doFound(_ run: RunState) -> [MonitorEffect] {
    let commands = foundCommands
    guard commands.indices.contains(overlayIndex), case let action = commands[overlayIndex].action else { return [.bell] }
    open(.none)
    return perform(action, run)
  }
}
