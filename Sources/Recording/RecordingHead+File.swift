import MCAP
import WireFormats

extension RecordingHead {
  /// Reads it from the beginning of a file, without what follows.
  /// - Throws: where the file is no recording of dubwatch, or one of a newer version.
  init(beginningOf source: any MCAPSource) throws {
    // Enough for all but the longest command line.
    let short = 4 << 10
    let start = try source.read(at: 0, count: short)
    do { self = try RecordedEvents(MCAPBytes(start), limits: .listing).head } catch {
      guard start.count == short else { throw error }
      self = try RecordedEvents(MCAPBytes(try source.read(at: 0, count: 64 * short)), limits: .listing).head
    }
  }

  /// What a file says of itself that is to be changed or removed as a recording.
  /// - Throws: where it is none: what else it may be is not dubwatch's to touch.
  init(of path: String, to what: String) throws(Problem) {
    do { self = try RecordingHead(beginningOf: try MCAPFile(path: path)) } catch {
      let problem = Problem(recording: error)
      guard problem.code != .file else { throw problem.at(path) }
      throw Problem(.badInput, "\(path) is not \(what): \(problem.sentence)")
    }
  }
}
