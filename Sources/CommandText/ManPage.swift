import ArgumentParser
import HarnessRun
import WireFormats

/// The manual page `dubwatch(1)`, made from the same tables as the help.
package enum ManPage {
  /// The page in the language of man(7).
  package static func text(_ program: CommandTree) -> String {
    var lines = [".TH DUBWATCH 1 \"\" \"dubwatch \(escaped(Version.text))\" \"User commands\""]
    lines += [".SH NAME", "dubwatch \\- \(escaped(lower(program.abstract ?? "")))"]
    lines += [".SH SYNOPSIS", ".B dubwatch", ".I command", "[\\fIoptions\\fR]", ".SH COMMANDS"]
    for command in program.commands { lines += section(command, "dubwatch") }
    lines.append(".SH EXIT STATUS")
    for row in ExitStatus.all { lines += [".TP", "\\fB\(row.status)\\fR", sentence(row.meaning)] }
    lines += [
      ".SH FILES", ".TP", "\\fI$XDG_CONFIG_HOME/dubwatch/config.yaml\\fR", "Settings; without the variable below \\fI~/.config\\fR.",
      ".SH SEE ALSO", "\\fBdubwatch help\\fR prints the manual, \\fBdubwatch help\\fR \\fIpage\\fR one of its pages.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func section(_ command: CommandTree, _ parent: String) -> [String] {
    let name = "\(parent) \(command.commandName)"
    let children = command.commands
    guard children.isEmpty else { return children.flatMap { section($0, name) } }
    let words = command.positionals.map { "[\\fI\(escaped($0.valueName ?? ""))\\fR]" }.joined(separator: " ")
    var lines = [".SS \"\(escaped(name))\"", "\\fB\(escaped(name))\\fR \(words)", ".PP", sentence(command.abstract ?? "")]
    for argument in command.arguments ?? [] where argument.shouldDisplay && !["--version", "--help"].contains(argument.text) {
      let value = argument.takesValue ? " \\fI\(escaped(argument.valueName ?? ""))\\fR" : ""
      let preset = argument.defaultValue.map { " Without: \($0)." } ?? ""
      lines += [".TP", "\\fB\(escaped(argument.text))\\fR\(value)", sentence((argument.abstract ?? "") + preset)]
    }
    for example in CommandExamples.all.first(where: { "dubwatch \($0.command)" == name })?.lines ?? [] {
      lines += [".PP", "\\fBdubwatch \(escaped(example.words))\\fR", ".br", sentence(example.meaning)]
    }
    return lines
  }

  private static func lower(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }

  /// A text that no line of which is taken for a request.
  private static func sentence(_ text: String) -> String { "\\&" + escaped(text) }

  private static func escaped(_ text: String) -> String {
    ASCIIText.plain(text).replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("'", with: "\\(aq")
  }
}
