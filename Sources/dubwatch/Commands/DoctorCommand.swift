import ArgumentParser
import CommandText
import HarnessRun
import WireFormats

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(of: "doctor")

  @Flag(help: "Leave out Docker, which only compose environments need.")
  var noDocker = false

  mutating func run() async throws {
    let checks = await Doctor.checks(docker: !noDocker)
    for line in Doctor.lines(checks) {
      try answer("\(line)\n")
    }
    if !Doctor.isDemoPossible(checks) { throw ExitCode(ExitStatus.no) }
  }
}
