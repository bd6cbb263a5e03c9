import MediaSync

/// What ffmpeg's log says of its input: container, frame rate and channels, which the packets' header leaves out.
struct InputDescription: Hashable, Sendable {
  private(set) var facts = StreamFacts()
  /// Every track that is named, in order.
  private(set) var tracks: [TrackFacts] = []
  /// How long the input says it is, in seconds.
  private(set) var claimedSeconds: Double?
  /// Which of the audio tracks is read.
  var audioIndex = 0
  /// Whether everything was said that will be.
  private(set) var isComplete = false

  /// Takes in a line of the log.
  mutating func note(_ line: String) {
    guard !isComplete, line.hasPrefix("[info] ") else { return }
    let text = line.dropFirst(7).drop { $0 == " " }
    if text.hasPrefix("Input #0, ") {
      let rest = text.dropFirst(10)
      facts.container = rest.firstRange(of: ", from '").map { String(rest[..<$0.lowerBound]) }
    } else if text.hasPrefix("Output #") || text.hasPrefix("Stream mapping:") {
      isComplete = true
    } else if text.hasPrefix("Duration: ") {
      claimedSeconds = Self.duration(text.dropFirst(10))
    } else if text.hasPrefix("Stream #0:") {
      note(track: text)
    }
  }

  /// `Stream #0:2[0x102](eng): Audio: aac (LC)…`
  private mutating func note(track text: Substring) {
    for (word, kind) in Self.kinds {
      guard let found = text.firstRange(of: word) else { continue }
      let rest = text[found.upperBound...]
      let head = text[..<found.lowerBound]
      let language = head.hasSuffix(")") ? head.lastIndex(of: "(").map { String(head[head.index(after: $0)...].dropLast()) } : nil
      let isSeen = kind == "video" ? !rest.contains(", none") : kind == "audio" ? rest.contains(" Hz") : true
      if kind == "video", facts.videoCodec == nil { video(rest) }
      if kind == "audio", tracks.count(where: { $0.kind == kind }) == audioIndex { audio(rest) }
      guard tracks.count < 64, !rest.hasSuffix("(attached pic)") else { return }
      tracks.append(TrackFacts(kind: kind, language: language == "und" ? nil : language, codec: Self.codec(rest), isSeen: isSeen))
      return
    }
  }

  private static let kinds = [
    (": Video: ", "video"), (": Audio: ", "audio"), (": Subtitle: ", "subtitle"), (": Data: ", "data"), (": Attachment: ", "attachment"),
  ]

  /// `00:00:26.02, start: 0.000000, bitrate: 135 kb/s`
  private static func duration(_ text: Substring) -> Double? {
    let parts = text.prefix { $0 != "," }.split(separator: ":").map { Double($0) }
    guard parts.count == 3, let hours = parts[0], let minutes = parts[1], let seconds = parts[2] else { return nil }
    let all = hours * 3600 + minutes * 60 + seconds
    return all.isFinite && all > 0 ? all : nil
  }

  /// `h264 (High) ([27][0][0][0] / 0x001B), yuv420p(progressive), 1280x720 [SAR 1:1 DAR 16:9], 30 fps, 30 tbr, 90k tbn`
  private mutating func video(_ text: Substring) {
    facts.videoCodec = Self.codec(text)
    for part in text.split(separator: ",") {
      let words = part.split(separator: " ")
      if let size = words.first?.split(separator: "x"), size.count == 2, let width = Int(size[0]), let height = Int(size[1]), width > 0,
        height > 0
      {
        facts.width = facts.width ?? width
        facts.height = facts.height ?? height
      } else if words.count == 2, words[1] == "fps", let rate = Double(words[0]), rate.isFinite, rate > 0 {
        facts.framesPerSecond = rate
      }
    }
  }

  /// `aac (LC) ([15][0][0][0] / 0x000F), 48000 Hz, stereo, fltp, 96 kb/s`
  private mutating func audio(_ text: Substring) {
    facts.audioCodec = Self.codec(text)
    let parts = text.split(separator: ",").map { $0.drop { $0 == " " } }
    guard let place = parts.firstIndex(where: { $0.hasSuffix(" Hz") }) else { return }
    facts.sampleRate = Int(parts[place].dropLast(3))
    guard place + 1 < parts.count else { return }
    facts.channels = Self.channels(parts[place + 1])
  }

  private static func codec(_ text: Substring) -> String? {
    let name = text.prefix { $0 != " " && $0 != "," }
    return name.isEmpty || name == "none" ? nil : String(name)
  }

  /// `stereo`, `5.1(side)`, `3 channels`.
  private static func channels(_ text: Substring) -> Int? {
    let name = text.prefix { $0 != "(" && $0 != " " }
    switch name {
    case "mono": return 1
    case "stereo", "downmix": return 2
    case "quad": return 4
    case "hexagonal": return 6
    case "octagonal": return 8
    default:
      if text.hasSuffix(" channels") { return Int(name) }
      let counts = name.split(separator: ".").map { Int($0) }
      guard (2...3).contains(counts.count), counts.allSatisfy({ $0 != nil }) else { return nil }
      return counts.compactMap(\.self).reduce(0, +)
    }
  }
}
