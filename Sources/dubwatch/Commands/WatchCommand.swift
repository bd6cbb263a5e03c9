import ArgumentParser
import CommandText
import HarnessConfig
import HarnessCore
import HarnessRun
import MonitorUI
import WireFormats

struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Watches services that already run.",
    discussion: CommandExamples.after(
      """
      Any number of each source. With nothing given, the default endpoints of the contract on localhost are tried. What does not answer is \
      shown with its reason and picked up when it comes. Credentials never stand on the command line or on the screen.
      """, of: "watch"))

  @OptionGroup var sources: WatchOptions
  @OptionGroup var screen: ScreenOptions
  @OptionGroup var recording: RecordOptions

  mutating func run() async throws {
    let settings = try sources.settings()
    let request = sources.request(settings)
    let plan = recording.plan
    try plan.check(runs: 1)
    try await screen.resolved(settings).watch { processGuard in
      var setUp = try request.setUp(processGuard)
      // Before the screen: a project that is not there will not come by waiting, as its name may be wrong.
      try await setUp.driver.check()
      setUp.recording = plan
      return setUp
    }
  }
}
