import Foundation
import MediaSync

/// What ffmpeg's log says of its input: container, frame rate and channels, which the packets' header leaves out.
struct InputDescription: Hashable, Sendable {
  private(set) var facts = StreamFacts()
  /// Whether everything was said that will be.
  private(set) var isComplete = false

  /// Takes in a line of the log.
  mutating func note(_ line: String) {
    guard !isComplete, line.hasPrefix("[info] ") else { return }
    let text = line.dropFirst(7).drop { $0 == " " }
    if text.hasPrefix("Input #0, ") {
      let rest = text.dropFirst(10)
      facts.container = rest.range(of: ", from '").map { String(rest[..<$0.lowerBound]) }
    } else if text.hasPrefix("Output #") || text.hasPrefix("Stream mapping:") {
      isComplete = true
    } else if text.hasPrefix("Stream #0:") {
      if facts.videoCodec == nil, let found = text.range(of: ": Video: ") {
        video(text[found.upperBound...])
      } else if facts.audioCodec == nil, let found = text.range(of: ": Audio: ") {
        audio(text[found.upperBound...])
      }
    }
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
