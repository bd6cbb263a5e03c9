import MediaSync
import ProcessGuard
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

/// Makes the test stream with ffmpeg.
package struct FixtureMaker: Sendable {
  private let processGuard: ProcessGuard
  private let ffmpeg: String
  private let limit: Double

  /// A maker.
  /// - Parameters:
  ///   - ffmpeg: the executable: a path, or a name to look for in PATH. It must have libx264.
  ///   - limit: how long it may take, in real seconds; about 15 s of one core are usual.
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
    let beeps = directory + "/beeps.pcm"
    let film = directory + "/film.mp4"
    do {
      try Data(recipe.beepTrack()).write(to: URL(fileURLWithPath: beeps))
    } catch {
      throw Problem(.output, "\(path) cannot be made: its sound cannot be written: \(FileFacts.reason)")
    }
    let outcome: ToolRun.Outcome
    do {
      outcome = try await ToolRun(processGuard: processGuard).run(
        ChildRequest(ffmpeg, recipe.arguments(beeps: beeps, output: film)), limit: limit)
    } catch {
      throw Problem(error, tool: "ffmpeg", doing: "making \(path)")
    }
    guard outcome.exit == .exited(0), FileFacts.isUsable(film) else {
      throw Problem(.tool, "ffmpeg could not make \(path): it \(outcome.exit)" + (outcome.complaint.map { ": \($0)" } ?? ""))
    }
    chmod(film, 0o644)
    guard rename(film, path) == 0 else { throw Problem(.output, "\(path) cannot be put in its place: \(FileFacts.reason)") }
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
