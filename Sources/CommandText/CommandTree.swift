import ArgumentParser
import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The program's commands and what each takes, as the parser knows them: for sentences about what was written wrong.
package struct CommandTree: Decodable {
  /// One thing that a command takes.
  struct Argument: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String

      /// As it is written, `--speed` or `-h`.
      var text: String { (kind == "long" ? "--" : "-") + name }
    }

    let kind: String
    let names: [Name]?
    let valueName: String?
    let abstract: String?
    let isRepeating: Bool
    let isOptional: Bool
    let shouldDisplay: Bool
    let allValues: [String]?
    let defaultValue: String?

    /// Whether it stands without a name.
    var isPositional: Bool { kind == "positional" }
    /// Whether a value follows its name.
    var takesValue: Bool { kind == "option" }
    /// Its name as it is written; its value's name where it has none.
    var text: String { names?.first { $0.kind == "long" }?.text ?? names?.first?.text ?? valueName ?? "" }
  }

  let commandName: String
  let abstract: String?
  let subcommands: [CommandTree]?
  let arguments: [Argument]?

  private struct Description: Decodable { let command: CommandTree }

  /// All of the program; nil when the parser's description of itself cannot be read.
  package init?<Program: ParsableCommand>(of program: Program.Type) {
    guard let read = try? JSONDecoder().decode(Description.self, from: Data(program._dumpHelp().utf8)) else { return nil }
    self = read.command
  }

  /// Its commands, without the parser's own copy of `help`.
  var commands: [CommandTree] {
    var seen: Set<String> = []
    return (subcommands ?? []).filter { seen.insert($0.commandName).inserted }
  }

  /// What it takes by name.
  var options: [Argument] { (arguments ?? []).filter { !$0.isPositional } }
  /// What it takes by place.
  var positionals: [Argument] { (arguments ?? []).filter(\.isPositional) }

  /// What is written like this, `--speed`.
  func option(_ text: String) -> Argument? { options.first { $0.names?.contains { $0.text == text } ?? false } }
}
