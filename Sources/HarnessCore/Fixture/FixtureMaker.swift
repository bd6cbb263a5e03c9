import MediaSync
import ProcessGuard
import TransportStream
import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes the test stream with ffmpeg, and the dub of its sound beside it (``DubTrack``).
package struct FixtureMaker: Sendable {
  private let processGuard: ProcessGuard
  private let ffmpeg: String
  private let limit: Double

  /// A maker.
  /// - Parameters:
  ///   - ffmpeg: the executable: a path, or a name to look for in PATH. It must have libx264.
  ///   - limit: how long it may take, in real seconds; about 25 s of one core are usual.
  package init(processGuard: ProcessGuard, ffmpeg: String = "ffmpeg", limit: Double = 600) {
    self.processGuard = processGuard
    self.ffmpeg = ffmpeg
    self.limit = limit
  }

  /// Makes it at a path, whole or not at all: what is there before is replaced only by what is complete.
  /// - Parameter path: an absolute path; its directory must exist.
  package func make(at path: String, rhythm: MarkRhythm = .standard) async throws(Problem) {
    let parent = Self.parent(of: path)
    let directory = parent + "/.dubwatch-fixture-" + UUID().uuidString.lowercased()
    // Without a guard only a kill -9 leaves the directory behind: no reason not to go on.
    let duty = try? await processGuard.removeOnDeath(path: directory)
    guard mkdir(directory, 0o700) == 0 else {
      let reason = FileFacts.reason
      if let duty { await processGuard.release(duty) }
      throw Problem(.output, "\(path) cannot be made, as \(parent) does not take a new file: \(reason)")
    }
    var failure: Problem?
    do throws(Problem) { try await make(in: directory, at: path, rhythm) } catch { failure = error }
    try? FileManager.default.removeItem(atPath: directory)
    if let duty { await processGuard.release(duty) }
    if let failure { throw failure }
  }

  private func make(in directory: String, at path: String, _ rhythm: MarkRhythm) async throws(Problem) {
    let recipe = FixtureRecipe(rhythm: rhythm)
    let film = directory + "/film.mp4"
    var voices: [UInt8] = []
    for voice in MarkVoice.allCases {
      let beeps = directory + "/\(voice.rawValue).pcm"
      try write(recipe.beepTrack(voice), to: beeps, for: path)
      let sound = directory + "/\(voice.rawValue).aac"
      try await ffmpeg(recipe.arguments(sound: beeps, output: sound), makes: sound, for: path)
      guard let bytes = FileManager.default.contents(atPath: sound) else {
        throw Problem(.output, "\(path) cannot be made: its sound cannot be read again: \(FileFacts.reason)")
      }
      voices += bytes
    }
    let original = directory + "/\(MarkVoice.original.rawValue).pcm"
    try await ffmpeg(recipe.arguments(beeps: original, output: film), makes: film, for: path)
    let dub = directory + "/dub.aac"
    try write(voices, to: dub, for: path)
    // First the track: a film that is there has the one beside it that belongs to it.
    for (made, place) in [(dub, DubTrack.path(beside: path)), (film, path)] {
      chmod(made, 0o644)
      guard rename(made, place) == 0 else { throw Problem(.output, "\(place) cannot be put in its place: \(FileFacts.reason)") }
    }
  }

  private func write(_ bytes: [UInt8], to file: String, for path: String) throws(Problem) {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: file))
    } catch {
      throw Problem(.output, "\(path) cannot be made: its sound cannot be written: \(FileFacts.reason)")
    }
  }

  private func ffmpeg(_ arguments: [String], makes file: String, for path: String) async throws(Problem) {
    let outcome: ToolRun.Outcome
    do {
      outcome = try await ToolRun(processGuard: processGuard).run(ChildRequest(ffmpeg, arguments), limit: limit)
    } catch {
      throw Problem(error, tool: "ffmpeg", doing: "making \(path)")
    }
    guard outcome.exit == .exited(0), FileFacts.isUsable(file) else {
      throw Problem(.tool, "ffmpeg could not make \(path): it \(outcome.exit)" + (outcome.complaint.map { ": \($0)" } ?? ""))
    }
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
