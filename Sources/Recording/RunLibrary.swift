import Events
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The recordings that are kept.
package struct RunLibrary: Sendable {
  /// Where they are.
  package let folder: RunFolder

  /// The recordings of a folder.
  package init(_ folder: RunFolder) { self.folder = folder }

  /// All of them, the newest first.
  package func recordings() throws(Problem) -> [RecordingSummary] {
    try folder.names().map { RecordingSummary(folder.path + "/" + $0) }
  }

  /// Removes what a rewriting left behind when it was ended.
  package func removeDrafts() throws(Problem) {
    for name in try folder.drafts() where unlink(folder.path + "/" + name) != 0 {
      throw Problem(.output, "\(folder.path)/\(name): \(RecordingFile.reason)")
    }
  }

  /// Which recordings are asked for.
  package struct Filter: Hashable, Sendable {
    /// The scenario's name; nil for any.
    package var scenario: String?
    /// The word of the verdict, ``RecordingSummary/verdictWord``; nil for any.
    package var verdict: String?
    /// Not older than this; nil for any age.
    package var since: WallTime?

    /// Recordings of a kind.
    package init(scenario: String? = nil, verdict: String? = nil, since: WallTime? = nil) {
      self.scenario = scenario
      self.verdict = verdict
      self.since = since
    }

    /// Whether a recording is one of them.
    package func takes(_ recording: RecordingSummary) -> Bool {
      if let scenario, recording.head?.scenario != scenario { return false }
      if let verdict, recording.verdictWord != verdict { return false }
      if let since, (recording.head?.start ?? recording.modified) < since { return false }
      return true
    }
  }

  /// The path that a word means: a path, a name or the beginning of one, `latest`, `failed`.
  /// - Throws: where nothing, or more than one recording, is meant.
  package func path(of word: String) throws(Problem) -> String {
    if word.contains("/") || access(word, F_OK) == 0 { return word }
    switch word {
    case "latest":
      guard let newest = try folder.names().first else { throw nothing("there is no recording yet") }
      return folder.path + "/" + newest
    case "failed":
      guard let failed = try recordings().first(where: { $0.verdictWord == "failed" }) else { throw nothing("no recorded run failed") }
      return failed.path
    default:
      let names = try folder.names()
      let found = names.filter { $0 == word || $0 == word + ".mcap" }
      let meant = found.isEmpty ? names.filter { $0.hasPrefix(word) || $0.contains("-\(word)-") } : found
      guard let name = meant.first else {
        throw Problem(.file, "there is no recording \(word)", hint: "`dubwatch runs` lists them")
      }
      guard meant.count == 1 else {
        throw Problem(
          .usage, "\(word) means \(meant.count) recordings, \(meant.prefix(3).joined(separator: ", "))", hint: "write more of the name")
      }
      return folder.path + "/" + name
    }
  }

  private func nothing(_ sentence: String) -> Problem {
    Problem(.file, "\(sentence) in \(folder.path)", hint: "demo, watch and run record by themselves")
  }

  /// Has a recording kept whatever its age, or not any more.
  /// - Throws: also where the file to be kept is no recording.
  package static func pin(_ path: String, _ isPinned: Bool) throws(Problem) {
    let pin = RecordingSummary.pin(path)
    if isPinned {
      _ = try RecordingHead(of: path, to: "pinned")
      let descriptor = open(pin, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw Problem(.output, "\(pin): \(RecordingFile.reason)") }
      close(descriptor)
    } else if unlink(pin) != 0, errno != ENOENT {
      throw Problem(.output, "\(pin): \(RecordingFile.reason)")
    }
  }

  /// Removes a recording, unless it is being written.
  /// - Throws: also where the file is no recording.
  package static func remove(_ path: String) throws(Problem) {
    _ = try RecordingHead(of: path, to: "removed")
    guard !RecordingFile.isBeingWritten(path) else { throw Problem(.conflict, "\(path) is being written") }
    guard unlink(path) == 0 else { throw Problem(.output, "\(path): \(RecordingFile.reason)") }
    unlink(RecordingSummary.pin(path))
  }
}
