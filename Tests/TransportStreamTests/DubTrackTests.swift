import Testing
import WireFormats

@testable import TransportStream

@Suite struct DubTrackTests {
  /// An AAC frame in ADTS of 48 kHz stereo with this content, with or without a check sum.
  private static func frame(_ content: [UInt8], isChecked: Bool = false) -> [UInt8] {
    let length = content.count + (isChecked ? 9 : 7)
    let header: [UInt8] = [
      0xFF, isChecked ? 0xF0 : 0xF1, 0x4C, 0x80 | UInt8(length >> 11 & 3), UInt8(length >> 3 & 0xFF), UInt8(length & 7) << 5 | 0x1F, 0xFC,
    ]
    return header + (isChecked ? [0, 0] : []) + content
  }

  private static let original: [[UInt8]] = [[1, 2, 3], [4, 5], [6, 7, 8, 9]]
  private static let dub: [[UInt8]] = [[11, 12], [14, 15, 16], [17]]
  private static let file = (original + dub).flatMap { frame($0) }

  @Test func `frames of the original come back as those of the dub, whoever wrote their headers`() throws {
    let track = try DubTrack(Self.file)
    let sound = Self.frame([4, 5], isChecked: true) + Self.frame([1, 2, 3])
    let dub = try #require(track.dub(of: sound))
    #expect(dub.sound == Self.frame([14, 15, 16]) + Self.frame([11, 12]))
    #expect(dub.frames == 2 && dub.unknown == 0)
  }

  @Test func `what is not known comes back as it was, and is counted`() throws {
    let track = try DubTrack(Self.file)
    let dub = try #require(track.dub(of: Self.frame([1, 2, 3]) + Self.frame([99])))
    #expect(dub.sound == Self.frame([11, 12]) + Self.frame([99]))
    #expect(dub.frames == 2 && dub.unknown == 1)
    #expect(track.dub(of: [1, 2, 3]) == nil)
    #expect(track.dub(of: []) == nil)
    #expect(track.dub(of: Array(Self.frame([1, 2, 3]).dropLast())) == nil)
  }

  @Test(arguments: [[], [1, 2, 3], file.dropLast(), frame([1]) + file] as [[UInt8]]) func `what is no dub track is refused`(bytes: [UInt8])
  {
    let problem = #expect(throws: Problem.self) { try DubTrack(bytes) }
    #expect(problem?.code == .badInput && problem?.hint?.contains("fixture make") == true)
  }

  @Test(arguments: [
    ("/a/b/film.mp4", "/a/b/film.dub.aac"), ("film.mp4", "film.dub.aac"), ("/a.b/film", "/a.b/film.dub.aac"),
    ("film.x.ts", "film.x.dub.aac"),
  ]) func `it lies beside its stream`(film: String, path: String) { #expect(DubTrack.path(beside: film) == path) }
}
