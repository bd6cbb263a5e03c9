import MediaSync

/// Which tracks of a stream that ffmpeg opens are read, and when it is to be opened anew so that more of it is: pure, times are given.
///
/// ffmpeg decides for ever which tracks it reads by what it has seen when it begins. So a track that comes later needs another reader, and
/// one that is announced and sends nothing must be left out for the other to be read at all. A file may be opened as often as that takes; a
/// server is asked once more at most, until it ends the stream itself.
struct TrackCoverage: Sendable {
  /// How often a file is opened anew for a track that came later.
  static let mostReopenings = 2
  /// How long a look at a stream may take, in seconds of media: less than it may take to connect.
  static let longestLook = 15.0
  /// How long the first look at a server's stream may take, in seconds of media. It ends as soon as both tracks have sent.
  static let serverLook = 10.0
  /// The same for a file, where it costs no waiting, and how many bytes are kept meanwhile.
  static let fileLook = (seconds: 36_000.0, bytes: 500_000_000)

  private var leftOut: Set<MediaTrack> = []
  private var looks: [MediaTrack: Double] = [:]
  private var untold: [StreamDefect] = []
  private var lookSeconds: Double?
  private var isFileLook = false
  private var reopenings = 0
  private var hasReconnected = false
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

  /// Nothing came of a track that is announced: a file is looked through once, then it is left out.
  /// - Returns: false where nothing is left to read.
  mutating func note(silent track: MediaTrack, isFile: Bool) -> Bool {
    if isFile, looks[track] == nil {
      looks[track] = Self.fileLook.seconds
      lookSeconds = Self.fileLook.seconds
      isFileLook = true
      isReopening = true
      return true
    }
    // A whole file was looked at: there is no number of seconds to tell.
    untold.append(StreamDefect(.silent, track, seconds: isFile ? nil : Self.serverLook))
    guard isFile || takeReconnect() else { return false }
    leftOut.insert(track)
    guard leftOut.count < MediaTrack.allCases.count else { return false }
    isReopening = true
    if !isFile { untold.append(StreamDefect(.reopened, track == .video ? .audio : .video)) }
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
    guard !(isFile && isPaced), !leftOut.contains(track) else { return false }
    guard isFile else {
      guard takeReconnect() else { return false }
      // A server may begin at the same place for each who asks: a look that is long enough finds the track there too.
      lookSeconds = min(Self.longestLook, seconds + 2)
      return true
    }
    guard reopenings < Self.mostReopenings else { return false }
    lookSeconds = Self.fileLook.seconds
    isFileLook = true
    reopenings += 1
    return true
  }

  /// Whether the stream may be opened anew because it goes on in other tracks.
  mutating func canFollow() -> Bool { takeReconnect() }

  private mutating func takeReconnect() -> Bool {
    defer { hasReconnected = true }
    return !hasReconnected
  }
}
