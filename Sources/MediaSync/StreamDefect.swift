import WireFormats

/// Something wrong with a stream or one of its tracks: which track, how much, and where.
package struct StreamDefect: Codable, Hashable, Sendable {
  /// What is wrong.
  package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    /// The time stamps of one track alone jump.
    case jumps = "track-jumps"
    /// The time stamps of one track lie far beside those of the other from its first packet on.
    case beside = "track-beside"
    /// One track begins later than the other.
    case late = "track-late"
    /// One track has stopped while the other goes on.
    case stopped = "track-stopped"
    /// A track is announced and was not heard of.
    case silent = "track-silent"
    /// A track was announced only after the reader had looked.
    case appeared = "track-appeared"
    /// The stream goes on in other tracks: its program map names new ones.
    case replaced = "track-replaced"
    /// The stream goes on in another coding.
    case recoded = "track-recoded"
    /// The stream is asked for once more, to read a track or what it goes on in.
    case reopened = "reopened"
    /// Decoding times fall a little.
    case falls = "times-fall"
    /// Decoding times come more than once.
    case repeats = "times-repeat"
    /// Packets carry no presentation time.
    case unplaced = "no-presentation-times"
    /// Sound and picture run at different speeds.
    case speed = "speed"
    /// Of a track that sends, nothing can be decoded: no key frame came.
    case noKeyFrame = "no-key-frame"
    /// A decoder can make nothing of a track.
    case undecodable = "undecodable"
    /// Packets of the transport stream are scrambled.
    case scrambled = "scrambled"
    /// Packets of the transport stream are missing, by its own counting.
    case losses = "packets-missing"
    /// Bytes between the packets of the transport stream belong to none.
    case garbage = "garbage"
    /// Tables of the transport stream are damaged or contradict one another.
    case tables = "tables-damaged"
    /// The transport stream changes its tracks more often than is followed.
    case unsteady = "tracks-unsteady"
    /// The transport stream holds other programs than the one that is read.
    case programs = "other-programs"
  }

  /// What is wrong.
  package var kind: Kind
  /// Of which track; nil for both.
  package var track: MediaTrack?
  /// How much, in seconds; nil where that has no meaning.
  package var seconds: Double?
  /// Where, in seconds on the axis; nil where that is not known.
  package var atPTS: Double?
  /// How many packets; nil where they are not counted.
  package var count: Int?
  /// How the speeds differ; for ``Kind/speed`` only.
  package var fit: MarkFit?

  /// Something wrong with a stream.
  package init(
    _ kind: Kind, _ track: MediaTrack? = nil, seconds: Double? = nil, atPTS: Double? = nil, count: Int? = nil, fit: MarkFit? = nil
  ) {
    self.kind = kind
    self.track = track
    self.seconds = seconds
    self.atPTS = atPTS
    self.count = count
    self.fit = fit
  }

  /// Whether a count is worth a word: the first, the tenth, the hundredth.
  package static func isTold(_ count: Int) -> Bool {
    var rest = count
    while rest > 1, rest.isMultiple(of: 10) { rest /= 10 }
    return rest == 1
  }

  /// What is wrong, in a sentence, and whether it makes a stream bad.
  package var told: (sentence: String, isFailure: Bool) {
    let name = track?.rawValue ?? "stream"
    let other = track == .audio ? "video" : "audio"
    let place = atPTS.map { " at \(NumberText.rounded($0, 3)) s" } ?? ""
    let size = seconds.map { NumberText.rounded(abs($0), 3) } ?? "?"
    let direction = (seconds ?? 0) < 0 ? "back" : "ahead"
    let times = count.map { $0 == 1 ? "once" : "\($0) times" } ?? ""
    let packets = count == 1 ? "1 packet" : "\(count ?? 0) packets at least"
    switch kind {
    case .jumps: return ("the time stamps of the \(name) jump \(direction) by \(size) s\(place), those of the \(other) do not", true)
    case .beside:
      return ("the time stamps of the \(name) lie \(size) s \((seconds ?? 0) < 0 ? "before" : "after") those of the \(other)", true)
    case .late: return ("the \(name) begins \(size) s after the \(other)", false)
    case .stopped: return ("the \(name) has stopped\(place), while the \(other) goes on", true)
    case .silent: return ("the \(name) track is announced, but no packet of it came\(seconds == nil ? "" : " within \(size) s")", true)
    case .appeared: return ("the \(name) track is announced only \(size) s into the stream", false)
    case .replaced:
      let since = seconds.map { _ in " \(size) s into the stream" } ?? place
      return ("the stream goes on in other tracks (new packet identifiers)\(since)", false)
    case .recoded: return ("the stream goes on in another coding\(seconds.map { _ in " \(size) s into the stream" } ?? place)", false)
    case .reopened: return ("the stream is opened anew, once, to read \(track == nil ? "what it goes on in" : "its \(name)")", false)
    case .falls: return ("decoding times of the \(name) fall \(times), by \(size) s at most, first\(place)", false)
    case .repeats: return ("decoding times of the \(name) repeat \(times), first\(place)", false)
    case .unplaced:
      return ("\(count ?? 0) packets of the \(name) carry no presentation time: they are placed by their decoding time", false)
    case .speed:
      guard let fit else { return ("sound and picture run at different speeds", true) }
      return ("\(fit.speedWords): \(NumberText.fixed(fit.speedPPM, 0)) ppm between sound and picture, by \(fit.usedMarks) marks", true)
    case .noKeyFrame:
      let wait = seconds == nil ? "" : " within \(size) s"
      return ("the \(name) sends, but no key frame came\(wait): nothing of it can be decoded", true)
    case .undecodable: return ("nothing of the \(name) can be decoded: it is left out", true)
    case .scrambled: return ("the \(name) is scrambled: \(packets) cannot be read", true)
    case .losses: return ("packets of the \(name) are missing \(times), as the stream counts them", false)
    case .garbage: return ("between the packets of the stream lies what belongs to none, \(times)", false)
    case .tables: return ("tables of the stream are damaged or contradict one another, \(times)", false)
    case .unsteady:
      return ("the stream changed its tracks \(count ?? 0) times: what it has changed to \(size) s into it is not read", true)
    case .programs:
      let others = count == 1 ? "another program that is" : "\(count ?? 0) other programs that are"
      return ("the stream holds \(others) not judged", false)
    }
  }
}
