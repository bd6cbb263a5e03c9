import ArgumentParser
import HarnessRun
import WireFormats

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Says what is installed, what is missing, and what to do.",
    discussion: "Exit 1 when something is missing that a command of dubwatch needs.")

  @Flag(help: "Leave out Docker, which only compose environments need.")
  var noDocker = false

  mutating func run() async throws {
    let checks = await Doctor.checks(docker: !noDocker)
    for line in Doctor.lines(checks) {
      guard StandardOutput.write("\(line)\n") else { throw ExitCode(ExitStatus.no) }
    }
    if checks.contains(where: { $0.standing == .missing }) { throw ExitCode(ExitStatus.no) }
  }
}
