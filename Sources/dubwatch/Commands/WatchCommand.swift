import ArgumentParser
import CommandText
import HarnessConfig
import HarnessCore
import HarnessRun
import RunScreen

struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "watch")

  @OptionGroup var sources: WatchOptions
  @OptionGroup var screen: ScreenOptions
  @OptionGroup var recording: RecordOptions

  mutating func run() async throws {
    let settings = try sources.settings()
    let request = sources.request(settings)
    let plan = recording.plan
    try plan.check(runs: 1)
    let status = try await screen.resolved(settings).watch { processGuard in
      var setUp = try request.setUp(processGuard)
      // Before the screen: a project that is not there will not come by waiting, as its name may be wrong.
      try await setUp.driver.check()
      setUp.recording = plan
      return setUp
    }
    try ExitCode.end(status)
  }
}
