import ArgumentParser
import HarnessConfig
import HarnessCore
import HarnessRun
import MonitorUI
import WireFormats

struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Watches services that already run.",
    discussion: """
      Any number of each source. With nothing given, the default endpoints of the contract on localhost are tried. What does not answer is \
      shown with its reason and picked up when it comes. Credentials never stand on the command line or on the screen.
      """)

  @OptionGroup var sources: WatchOptions
  @OptionGroup var screen: ScreenOptions

  mutating func run() async throws {
    let request = try sources.request()
    var bindings = KeyBindings.standard
    let keys = request.file?.keys.mapValues { $0.joined(separator: " ") } ?? [:]
    do throws(Problem) { try bindings.rebind(keys) } catch { throw error.at("\(request.path): keys") }
    let theme = request.file?.theme.flatMap { Theme(rawValue: $0.rawValue) }
    try await screen.resolved(theme: theme, bindings: bindings).watch { processGuard in
      let setUp = try request.setUp(processGuard)
      // Before the screen: a project that is not there will not come by waiting, as its name may be wrong.
      try await setUp.driver.check()
      return setUp
    }
  }
}
