import Events
import MediaSync

/// Which tracks of a stream are read, and when its reader is to be replaced so that more of it is: pure, times are given.
///
/// ffmpeg decides for ever which tracks it reads by what it has seen when it begins. So a track that comes later needs another reader, and
/// one that is announced and sends nothing must be left out for the other to be read at all.
struct TrackCoverage: Sendable {
  /// How often a stream is opened anew for a track that came later.
  static let mostReopenings = 2
  /// After how many seconds of pipeline time a track that was left out is looked for again, once.
  static let relookSeconds = 30.0
  /// How long a look at a stream may take, in seconds of media: less than it may take to connect.
  static let longestLook = 15.0
  /// The same for a file, where it costs no waiting, and how many bytes are kept meanwhile.
  static let fileLook = (seconds: 36_000.0, bytes: 500_000_000)

  private var leftOut: Set<MediaTrack> = []
  private var looks: [MediaTrack: Double] = [:]
  private var untold: [StreamDefect] = []
  private var lookSeconds: Double?
  private var isFileLook = false
  private var reopenings = 0
  private var follows = 0
  private var leftOutAt: RunInstant?
  private var hasRelooked = false
  /// Whether the reader is being replaced.
  private(set) var isReopening = false

  /// What the next reader is to do.
  func prepare(_ command: inout ProbeCommandLine) {
    command.tracks.subtract(leftOut)
    if let lookSeconds { command.analyzeSeconds = max(command.analyzeSeconds, lookSeconds) }
    if isFileLook { command.analyzeBytes = Self.fileLook.bytes }
  }

  /// The reader is to be replaced.
  mutating func beginReopening() { isReopening = true }

  /// Whether the next reader is to begin at once.
  mutating func takeReopening() -> Bool {
    defer { isReopening = false }
    return isReopening
  }

  /// Nothing came of a track that is announced: it is looked for longer, then left out.
  /// - Returns: false where nothing is left to read.
  mutating func note(silent track: MediaTrack, isFile: Bool) -> Bool {
    let longer = isFile ? Self.fileLook.seconds : 10
    isReopening = true
    guard let looked = looks[track], looked >= longer else {
      looks[track] = longer
      lookSeconds = longer
      isFileLook = isFile
      return true
    }
    leftOut.insert(track)
    // A whole file was looked at: there is no number of seconds to tell.
    untold.append(StreamDefect(.silent, track, seconds: isFile ? nil : looked))
    guard leftOut.count < MediaTrack.allCases.count else {
      isReopening = false
      return false
    }
    return true
  }

  /// What is to be said of tracks that were left out.
  mutating func takeSilent() -> [StreamDefect] {
    defer { untold = [] }
    return untold
  }

  /// Whether the stream may be opened anew for a track that came after so many seconds.
  mutating func canReopen(for track: MediaTrack, after seconds: Double, isFile: Bool, isPaced: Bool) -> Bool {
    // A file that plays would begin again.
    guard reopenings < Self.mostReopenings, !(isFile && isPaced), !leftOut.contains(track) else { return false }
    if isFile {
      lookSeconds = Self.fileLook.seconds
      isFileLook = true
    } else if seconds + 2 <= Self.longestLook || reopenings > 0 {
      // A server may begin at the same place for each who asks: then it takes a look that is long enough.
      lookSeconds = min(Self.longestLook, seconds + 2)
    }
    reopenings += 1
    return true
  }

  /// Whether the stream may be opened anew because it goes on in other tracks.
  mutating func canFollow() -> Bool {
    follows += 1
    return follows <= 100
  }

  /// Whether a track that was left out is to be looked for again.
  mutating func isRelookDue(now: RunInstant, isPaced: Bool) -> Bool {
    guard isPaced, !leftOut.isEmpty, !hasRelooked, !isReopening else { return false }
    guard let leftOutAt else {
      self.leftOutAt = now
      return false
    }
    guard now.seconds(since: leftOutAt) >= Self.relookSeconds else { return false }
    hasRelooked = true
    leftOut = []
    return true
  }
}
