import WireFormats

/// The dub of a test stream's sound: which AAC frame stands for which. It lies beside the stream, as AAC frames in ADTS: first all of the
/// original, then as many of the dub.
///
/// A frame that stands for another lasts as long and lies at the same place, so that times stay exact and nobody encodes anything.
package struct DubTrack: Sendable {
  /// How many frames each voice may have: 20 minutes of 48 kHz.
  static let limit = 60_000

  private let dubs: [ArraySlice<UInt8>: [UInt8]]

  /// Where the dub of a stream lies, by the stream's path: `dubwatch-60s.dub.aac` beside `dubwatch-60s.mp4`.
  package static func path(beside film: String) -> String {
    let name = film.lastIndex(of: "/").map { film.index(after: $0) } ?? film.startIndex
    let stem = film[name...].lastIndex(of: ".").map { film[..<$0] } ?? film[...]
    return stem + ".dub.aac"
  }

  /// Reads a file's bytes.
  /// - Throws: what is wrong with it, in words that a file's name stands before.
  package init(_ bytes: [UInt8]) throws(Problem) {
    var splitter = ADTSSplitter()
    let frames = splitter.split(bytes, pts: 0)
    guard splitter.skippedBytes == 0, !frames.isEmpty, frames.count.isMultiple(of: 2), frames.count <= 2 * Self.limit else {
      throw Problem(
        .badInput, "is no dub track: AAC frames in ADTS, half of them the original and half of them its dub",
        hint: "make it by fixture make")
    }
    let half = frames.count / 2
    var dubs: [ArraySlice<UInt8>: [UInt8]] = [:]
    // Of frames that are the same the first one's dub stands for all: they differ by nothing that is heard.
    for (original, dub) in zip(frames[..<half], frames[half...]) where dubs[Self.content(original)] == nil {
      dubs[Self.content(original)] = dub.bytes
    }
    self.dubs = dubs
  }

  /// The dub of a fragment's sound, as far as it is known, and how many of its frames are not.
  /// - Parameter sound: AAC frames in ADTS.
  /// - Returns: nil where it is no such thing.
  package func dub(of sound: [UInt8]) -> (sound: [UInt8], frames: Int, unknown: Int)? {
    var splitter = ADTSSplitter()
    let frames = splitter.split(sound, pts: 0)
    guard !frames.isEmpty, splitter.skippedBytes == 0, frames.reduce(0, { $0 + $1.bytes.count }) == sound.count else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(sound.count)
    var unknown = 0
    for frame in frames {
      if let dub = dubs[Self.content(frame)] {
        out += dub
      } else {
        unknown += 1
        out += frame.bytes
      }
    }
    return (out, frames.count, unknown)
  }

  /// A frame without its header, which each muxer writes as it likes.
  private static func content(_ frame: ADTSFrame) -> ArraySlice<UInt8> {
    frame.bytes.dropFirst(frame.bytes.count > 1 && frame.bytes[1] & 1 == 1 ? 7 : 9)
  }
}
