import ArgumentParser
import HarnessCore
import ProcessGuard
import TerminalCanvas
import WireFormats

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Says what is installed, what is missing, and what to do.",
    discussion: "Exit 1 when something is missing that a command of dubwatch needs.")

  @Flag(help: "Leave out Docker, which only compose environments need.")
  var noDocker = false

  mutating func run() async throws {
    let processGuard = ProcessGuard()
    let doctor = Doctor(runner: CommandRunner(processGuard: processGuard), environment: Host.environment)
    var findings: [Doctor.Finding] = []
    if !noDocker { findings += await doctor.docker(DockerCLI(processGuard: processGuard)) }
    for tool in ["ffmpeg", "ffprobe"] { findings.append(await doctor.tool(tool)) }
    findings += await doctor.encoders()
    findings += [doctor.terminal(), doctor.locale(), doctor.ports()]
    await processGuard.shutdown()
    let width = findings.map(\.name.count).max() ?? 0
    let isPlain = findings.contains { $0.name == "locale" && $0.standing != .good }
    for finding in findings {
      let name = finding.name + String(repeating: " ", count: width - finding.name.count)
      let sign = isPlain ? finding.standing.plainSign : finding.standing.sign
      guard StandardOutput.write("\(sign) \(name)  \(escapeUntrusted(finding.text))\n") else { throw ExitCode(ExitStatus.no) }
    }
    if findings.contains(where: { $0.standing == .missing }) { throw ExitCode(ExitStatus.no) }
  }
}
