import ArgumentParser
import HarnessConfig
import HarnessCore
import MonitorUI
import ProcessGuard
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
    let (setUp, file) = try sources.resolve()
    if let project = setUp.driver as? ComposeAttachDriver {
      // Before the screen: a project that is not there will not come by waiting, as its name may be wrong.
      do throws(EnvironmentFailure) { try await project.check() } catch {
        await setUp.processGuard.shutdown()
        throw error
      }
    }
    var bindings = KeyBindings.standard
    if let file {
      do throws(Problem) { try bindings.rebind(file.keys.mapValues { $0.joined(separator: " ") }) } catch {
        throw error.at("\(sources.config ?? ""): keys")
      }
    }
    let theme = file?.theme.flatMap { Theme(rawValue: $0.rawValue) }
    try await MonitorSession(setUp, screen: screen.resolved(theme: theme, bindings: bindings)).run()
  }
}
