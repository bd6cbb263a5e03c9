import ArgumentParser
import HarnessConfig
import HarnessRun
import MonitorUI
import RunScreen
import WireFormats

extension Theme: ExpressibleByArgument {}

/// How a run is shown.
struct ScreenOptions: ParsableArguments {
  @Flag(help: "No screen: one line per change. Automatic when standard output is no terminal.")
  var plain = false

  @Option(help: "Colours; without, dark or light by the terminal's background. NO_COLOR in the environment means none.")
  var theme: Theme?

  @Flag(help: "Times in UTC.")
  var utc = false

  /// The options with what settings, environment and terminal decide.
  func resolved(_ settings: Settings) throws(Problem) -> Screen {
    var bindings = KeyBindings.standard
    let keys = settings.file?.keys.mapValues { $0.joined(separator: " ") } ?? [:]
    do throws(Problem) { try bindings.rebind(keys) } catch { throw error.at("\(settings.path): keys") }
    let fallback = settings.file?.theme.flatMap { Theme(rawValue: $0.rawValue) }
    let noColor = Host.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return Screen(
      isPlain: plain || !Host.isTerminal(1), theme: theme ?? (noColor ? Theme.none : fallback), usesUTC: utc, bindings: bindings,
      preset: settings.file?.preset?.rawValue)
  }
}
