/// When a test stream flashes and beeps: one white frame each, and a beep that begins with it.
///
/// The gaps are irregular, so that the beeps found in any 8 s of a stream fit the flashes in one place only: within ``rangeSeconds`` of
/// it no other offset joins more than two of them, also over the loop point.
package struct MarkRhythm: Codable, Hashable, Sendable {
  /// After how many seconds it begins again; the stream's length.
  package var periodSeconds: Double
  /// Where the flashes begin, in seconds from the stream's start, rising; each lies on a frame's own time.
  package var times: [Double]
  /// How long a flash lasts, in seconds: one frame.
  package var flashSeconds: Double
  /// How long a beep lasts, in seconds.
  package var beepSeconds: Double
  /// The tone that a beep begins with, in hertz.
  package var beepFrequencyHertz: Double
  /// How far beep and flash may lie apart and still be told, in seconds: to either side.
  package var rangeSeconds: Double

  /// A rhythm.
  package init(
    periodSeconds: Double, times: [Double], flashSeconds: Double, beepSeconds: Double, beepFrequencyHertz: Double, rangeSeconds: Double
  ) {
    self.periodSeconds = periodSeconds
    self.times = times
    self.flashSeconds = flashSeconds
    self.beepSeconds = beepSeconds
    self.beepFrequencyHertz = beepFrequencyHertz
    self.rangeSeconds = rangeSeconds
  }

  /// The rhythm of the fixture: 48 marks in 60 s, gaps of 0.8 to 1.6 s, one of 2.53 s over the loop point.
  package static let standard = MarkRhythm(
    periodSeconds: 60, times: standardFrames.map { Double($0) / standardFrameRate }, flashSeconds: 1 / standardFrameRate,
    beepSeconds: MarkCode.soundSeconds, beepFrequencyHertz: MarkCode.pilotHertz, rangeSeconds: 3)

  private static let standardFrameRate = 30.0
  /// Found by a search for the fewest joint differences; `MarkRhythmTests` proves what it is good for.
  private static let standardFrames = [
    36, 77, 114, 145, 170, 198, 238, 284, 325, 373, 403, 434, 468, 508, 551, 597, 623, 652, 700, 741, 770, 802, 839, 877, 904, 952, 1000,
    1045,
    1086, 1124, 1158, 1189, 1214, 1248, 1296, 1340, 1365, 1407, 1444, 1471, 1505, 1545, 1576, 1622, 1658, 1687, 1728, 1760,
  ]
}
