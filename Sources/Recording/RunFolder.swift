import Events
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where recordings are kept, and what they are called.
package struct RunFolder: Hashable, Sendable {
  /// Its path.
  package let path: String

  /// A folder of recordings.
  package init(_ path: String) { self.path = path }

  /// `$XDG_STATE_HOME/dubwatch/runs`, without the variable `~/.local/state/dubwatch/runs` (XDG Base Directory Specification, which has relative
  /// paths ignored); nil where neither variable is set.
  package init?(_ environment: [String: String]) {
    let folders = [environment["XDG_STATE_HOME"], environment["HOME"].map { $0 + "/.local/state" }]
    guard let folder = folders.compactMap(\.self).first(where: { $0.hasPrefix("/") }) else { return nil }
    path = folder + "/dubwatch/runs"
  }

  /// A new file in it; the folder is made where it is not there.
  /// - Parameters:
  ///   - label: what the run is called: its scenario, or `watch`.
  ///   - mark: four hexadecimal digits that tell runs of one second apart; another one each time it is asked for.
  package func newFile(_ label: String, at time: WallTime, mark: () -> UInt16) throws(Problem) -> RecordingFile {
    try make()
    for _ in 0..<16 {
      let file = path + "/" + Self.name(label, at: time, mark: mark())
      guard access(file, F_OK) != 0 else { continue }
      return try RecordingFile(creating: file)
    }
    throw Problem(.output, "\(path): no new name for a recording was found")
  }

  /// `2026-11-26T141530Z-circuit-breaker-7f3a.mcap`.
  package static func name(_ label: String, at time: WallTime, mark: UInt16) -> String {
    let seconds = time.epochSeconds.isFinite ? min(max(time.epochSeconds, 0), 1e11) : 0
    let civil = CivilTime(epochSeconds: Int(seconds))
    let letters = label.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let word = String(letters.prefix(48)).split(separator: "-").joined(separator: "-")
    let digits = String(mark, radix: 16)
    let ending = String(repeating: "0", count: 4 - digits.count) + digits
    return "\(civil.date)T\(civil.time.filter { $0 != ":" })Z-\(word.isEmpty ? "run" : word)-\(ending).mcap"
  }

  private func make() throws(Problem) {
    // A relative path is one from where the program runs, not from the root.
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
      guard mkdir(made, 0o700) != 0, errno != EEXIST, access(made, F_OK) != 0 else { continue }
      throw Problem(.output, "\(made): \(RecordingFile.reason)")
    }
  }

  /// The names of the recordings in it, the newest first.
  package func names() throws(Problem) -> [String] {
    try entries { $0.hasSuffix(".mcap") && !$0.hasPrefix(".") }.sorted(by: >)
  }

  /// The names of drafts that a rewriting left behind when it was ended: `NAME.mcap.PID.tmp`, with no lock on them.
  package func drafts() throws(Problem) -> [String] {
    try entries { name in
      let parts = name.split(separator: ".", omittingEmptySubsequences: false).suffix(3)
      guard parts.count == 3, let id = parts.dropFirst().first else { return false }
      return parts.first == "mcap" && parts.last == "tmp" && !id.isEmpty && id.allSatisfy(\.isNumber)
    }
    .filter { !RecordingFile.isBeingWritten(path + "/" + $0) }.sorted()
  }

  private func entries(where isMeant: (String) -> Bool) throws(Problem) -> [String] {
    guard let folder = opendir(path) else {
      if errno == ENOENT { return [] }
      throw Problem(.file, "\(path): \(RecordingFile.reason)")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if isMeant(name) { names.append(name) }
    }
    return names
  }
}
