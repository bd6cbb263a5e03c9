import ArgumentParser
import HarnessRun
import WireFormats

extension ExitCode {
  /// Ends the command with a status, unless all is good.
  package static func end(_ status: Int32) throws {
    if status != ExitStatus.good { throw ExitCode(status) }
  }
}

extension ParsableCommand {
  /// Writes what the command answers, and ends it with 1 where the answer is no or cannot be written.
  package func answer(_ text: String, isGood: Bool = true) throws {
    guard StandardOutput.write(text), isGood else { throw ExitCode(ExitStatus.no) }
  }

  /// Says on standard error (or, for help, on standard output) what ended the program, and gives its status.
  package static func report(_ error: any Error) -> Int32 {
    if let problem = (error as? any ProblemCarrier)?.problem {
      // Several mistakes of one file come as a line each.
      let lines = problem.description.split(separator: "\n", omittingEmptySubsequences: true).map { escapeUntrusted(String($0)) }
      StandardError.write("dubwatch: \(lines.joined(separator: "\n  "))\n")
      return problem.status
    }
    if let code = error as? ExitCode { return code.rawValue }
    let status = exitCode(for: error)
    if status == .success {
      // Help, the version, completions.
      return StandardOutput.write(fullMessage(for: error) + "\n") ? ExitStatus.good : ExitStatus.no
    }
    StandardError.write("dubwatch: \(CommandLineWords.sentence(message(for: error)))\n")
    return status == .validationFailure ? ExitStatus.usage : ExitStatus.no
  }
}
