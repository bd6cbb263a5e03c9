import ArgumentParser
import CommandText
import HarnessRun
import ProcessGuard
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@main
struct Dubwatch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dubwatch",
    abstract: "A terminal live monitor for live-dubbing pipelines.",
    discussion: """
      Exit status: 0 good, 1 the answer is no, 2 usage, 3 a file, an endpoint, an environment or a tool cannot be had, 129/130/143 ended by \
      HUP/INT/TERM.
      """,
    version: Version.text,
    subcommands: [
      DemoCommand.self, WatchCommand.self, RunCommand.self, ReplayCommand.self, CheckCommand.self, RunsCommand.self,
      CompareCommand.self, FlakyCommand.self, ExportCommand.self, ScenariosCommand.self, FrameCommand.self, FixtureCommand.self,
      ProbeCommand.self, ContractCommand.self, MetricsCommand.self, EnvCommand.self, ServeCommand.self, HealthcheckCommand.self,
      DoctorCommand.self, ConfigCommand.self, HelpCommand.self,
    ])

  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    // A child of ours that only waits for us to die: nothing else of the program may run in it.
    ProcessGuard.runGuardIfRequested(arguments: CommandLine.arguments)
    StandardDescriptors.fill()
    signal(SIGPIPE, SIG_IGN)
    Backtraces.turnOff()
    ProcessMemory.keepLittle()
    var status = await status(arguments)
    // What nobody reads any more (`| head`) needs no sentence; what could not be kept does.
    if let reason = StandardOutput.failure {
      StandardError.write("dubwatch: the output cannot be written: \(reason)\n")
      if status == ExitStatus.good { status = ExitStatus.no }
    }
    // Container engines know 0 and 1 of a health check, and keep 2 for themselves.
    let isHealthcheck = arguments.first == HealthcheckCommand.configuration.commandName
    endProcess(isHealthcheck && status < ExitStatus.hangup ? min(status, ExitStatus.no) : status)
  }

  /// Does what the words say; the exit status.
  private static func status(_ arguments: [String]) async -> Int32 {
    var command: any ParsableCommand
    do {
      command = try CommandLineWords.parse(arguments, as: Dubwatch.self, environment: Host.environment)
    } catch {
      return report(error)
    }
    do {
      try OpenFileLimit.raise()
      if var asynchronous = command as? any AsyncParsableCommand { try await asynchronous.run() } else { try command.run() }
      return ExitStatus.good
    } catch {
      return report(error)
    }
  }
}

/// `exit` of the C library; the command's own method of that name hides it.
private func endProcess(_ status: Int32) -> Never { exit(status) }
