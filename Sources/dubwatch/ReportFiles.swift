import HarnessCore
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files that a judged run writes.
struct ReportFiles {
  var junit: String?
  var json: String?

  /// Fails before anything is started when a file could not be written at the end.
  func check() throws(Problem) {
    if let junit, junit == json { throw Problem(.conflict, "--junit and --json name the same file: \(junit)") }
    for path in [junit, json].compactMap({ $0 }) {
      do { try FileOutput.checkWritable(path) } catch { throw Problem(error, otherwise: .output).at("a report cannot be written") }
    }
  }

  /// Writes what was judged so far, over what an earlier call wrote. A reader sees the old file or the new one, never half of one.
  /// - Parameter planned: how many runs were asked for; several are a list in JSON, however many of them came about.
  func write(_ results: [ScenarioResult], planned: Int) throws(Problem) {
    let reports = results.map { RunReport($0.run) }
    do {
      if let junit { try FileOutput.replace(junit, with: JUnitReport.xml(reports)) }
      if let json {
        let text = planned == 1 && reports.count == 1 ? try reports[0].json() : try RunReport.json(reports)
        try FileOutput.replace(json, with: text)
      }
    } catch {
      throw Problem(error, otherwise: .output).at("a report cannot be written")
    }
  }
}

extension FileOutput {
  /// Whether a file could be made in the folder of that path.
  static func checkWritable(_ path: String) throws(Problem) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { throw Problem(.output, "\(path): is a folder") }
    guard access(folder, W_OK | X_OK) == 0 else { throw Problem(.output, "\(folder): \(String(cString: strerror(errno)))") }
  }

  /// Writes a file beside its place and moves it there; what is no plain file (a pipe, /dev/stdout) is written as it is.
  static func replace(_ path: String, with text: String) throws(Problem) {
    var status = stat()
    let isPlain = stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
    guard isPlain else { return try write(text, to: path, flags: O_WRONLY) }
    let draft = "\(path).\(getpid()).tmp"
    try write(text, to: draft, flags: O_WRONLY | O_CREAT | O_TRUNC)
    guard rename(draft, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(draft)
      throw Problem(.output, "\(path): \(reason)")
    }
  }
}

/// What GitHub actions show beside a job.
enum GitHubOutput {
  /// Writes workflow commands, where the program runs in such a job.
  static func write(_ result: ScenarioResult) {
    guard Host.environment["GITHUB_ACTIONS"] == "true" else { return }
    for line in GitHubAnnotations.lines(RunReport(result.run)) { StandardOutput.write(line + "\n") }
  }
}
