import ArgumentParser
import CommandText
import HarnessRun
import WireFormats

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Says what is installed, what is missing, and what to do.",
    discussion: CommandExamples.after(
      "Exit 0 when `dubwatch demo` can run, 1 when something is missing for it. What only compose environments need is told apart.",
      of: "doctor"))

  @Flag(help: "Leave out Docker, which only compose environments need.")
  var noDocker = false

  mutating func run() async throws {
    let checks = await Doctor.checks(docker: !noDocker)
    for line in Doctor.lines(checks) {
      guard StandardOutput.write("\(line)\n") else { throw ExitCode(ExitStatus.no) }
    }
    if !Doctor.isDemoPossible(checks) { throw ExitCode(ExitStatus.no) }
  }
}
