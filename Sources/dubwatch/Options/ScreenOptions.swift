import ArgumentParser
import HarnessRun
import MonitorUI

extension Theme: ExpressibleByArgument {}

/// How a run is shown.
struct ScreenOptions: ParsableArguments {
  @Flag(help: "No screen: one line per change. Automatic when standard output is no terminal.")
  var plain = false

  @Option(help: "Colours. NO_COLOR in the environment means none.")
  var theme: Theme?

  @Flag(help: "Times in UTC.")
  var utc = false

  /// The options with what environment and terminal decide.
  func resolved(theme fallback: Theme? = nil, bindings: KeyBindings = .standard) -> Screen {
    let noColor = Host.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return Screen(
      isPlain: plain || !Host.isTerminal(1), theme: theme ?? (noColor ? Theme.none : fallback ?? .dark), usesUTC: utc, bindings: bindings)
  }
}
