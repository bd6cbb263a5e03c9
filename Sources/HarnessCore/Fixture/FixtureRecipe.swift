import MediaSync

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the test stream is made: what ffmpeg draws, and the beeps it is given, each with its number in picture and sound. The same bytes every time with the same ffmpeg.
struct FixtureRecipe: Sendable {
  /// Raised when a stream made before would not do any more.
  static let version = 2
  static let frameRate = 30
  static let sampleRate = 48000
  /// Samples in a frame of AAC-LC.
  static let samplesPerAACFrame = 1024

  let rhythm: MarkRhythm

  private var seconds: Int { Int(rhythm.periodSeconds.rounded()) }
  private var frames: [Int] { rhythm.times.map { Int(($0 * Double(Self.frameRate)).rounded()) } }
  /// As many whole AAC frames as fit: audio longer than video would lengthen every loop.
  private var audioPackets: Int { seconds * Self.sampleRate / Self.samplesPerAACFrame }

  /// ffmpeg's arguments for the film.
  /// - Parameters:
  ///   - beeps: the file that holds the ``beepTrack(_:)`` of the original voice.
  ///   - output: the MP4 to write.
  func arguments(beeps: String, output: String) -> [String] {
    let flashes = frames.map { "eq(n,\($0))" }.joined(separator: "+")
    let picture = "\(squares),drawbox=c=white:t=fill:enable='\(flashes)',format=yuv420p,trim=end_frame=\(seconds * Self.frameRate)"
    return [
      Self.quiet, ["-f", "lavfi", "-i", pattern], Self.sound(beeps), ["-map", "0:v", "-map", "1:a", "-vf", picture],
      // No B-frames, and a key frame every second: every container takes it as it is, a reader joins at once, and every 6 s lie on one.
      ["-c:v", "libx264", "-threads:v", "1", "-preset", "veryfast", "-crf", "28", "-bf", "0", "-refs", "2"],
      ["-g", "\(Self.frameRate)", "-keyint_min", "\(Self.frameRate)", "-sc_threshold", "0"], encoded,
      ["-flags:v", "+bitexact", "-map_metadata", "-1", "-movflags", "+faststart"], ["-f", "mp4", "file:" + output],
    ].flatMap(\.self)
  }

  /// ffmpeg's arguments for the sound alone, as AAC frames in ADTS: the same ones as in the film.
  func arguments(sound beeps: String, output: String) -> [String] {
    [Self.quiet, Self.sound(beeps), encoded, ["-f", "adts", "file:" + output]].flatMap(\.self)
  }

  private static let quiet = ["-hide_banner", "-nostdin", "-loglevel", "level+warning", "-y"]
  private static func sound(_ file: String) -> [String] { ["-f", "s16le", "-ar", "\(sampleRate)", "-ac", "1", "-i", "file:" + file] }

  /// How sound is encoded: each voice alike, so that their frames lie on one grid.
  private var encoded: [String] {
    // The encoder's first packet is its delay. Without it the track begins at 0 with the video, needs no edit list, and every decoder
    // gives a beep at its flash.
    let trimmed = "noise=drop='lt(pts,0)+gte(pts,\(audioPackets * Self.samplesPerAACFrame))'"
    return [
      "-af", "pan=stereo|c0=c0|c1=c0", "-c:a", "aac", "-b:a", "96k", "-bsf:a", trimmed, "-fflags", "+bitexact", "-flags:a", "+bitexact",
    ]
  }

  /// The squares that say which mark was last: the references, and each bit in white while it is set. Before the first mark it is that of
  /// the loop before.
  private var squares: String {
    let side = Self.cell * MarkCode.squareCells
    func square(_ place: Int, _ count: Int, _ color: String) -> String {
      let x = Self.cell * MarkCode.firstCell.column + side * place
      return "drawbox=x=\(x):y=\(Self.cell * MarkCode.firstCell.row):w=\(side * count):h=\(side):c=\(color):t=fill"
    }
    let spans = shownNumbers
    let bits = (1..<MarkCode.squareCount).compactMap { place -> String? in
      var runs: [ClosedRange<Int>] = []
      for span in spans where MarkCode.squares(of: span.number)[place] {
        if let last = runs.last, last.upperBound + 1 == span.frames.lowerBound {
          runs[runs.count - 1] = last.lowerBound...span.frames.upperBound
        } else {
          runs.append(span.frames)
        }
      }
      guard !runs.isEmpty else { return nil }
      let when = runs.map { "between(n,\($0.lowerBound),\($0.upperBound))" }.joined(separator: "+")
      return square(place, 1, "white") + ":enable='\(when)'"
    }
    return ([square(0, 1, "white"), square(1, MarkCode.squareCount - 1, "black")] + bits).joined(separator: ",")
  }

  /// Which number is shown from which picture to which.
  private var shownNumbers: [(frames: ClosedRange<Int>, number: Int)] {
    let marks = frames
    guard let first = marks.first else { return [] }
    var all = first > 0 ? [(frames: 0...(first - 1), number: Self.number(of: marks.count - 1))] : []
    for (index, frame) in marks.enumerated() {
      let next = index + 1 < marks.count ? marks[index + 1] : seconds * Self.frameRate
      if next > frame { all.append((frame...(next - 1), Self.number(of: index))) }
    }
    return all
  }

  /// The number of a mark of the rhythm, by its place in it.
  static func number(of index: Int) -> Int { index % MarkCode.count }

  /// How wide and high a cell of the grid is, in pixels.
  private static let cell = 1280 / MarkCode.grid.columns

  /// A dark grid with two boxes that cross it and ffmpeg's test card with its running second: dark enough that a flash stands out.
  private var pattern: String {
    func color(_ name: String, _ size: String) -> String { "color=c=\(name):s=\(size):r=\(Self.frameRate):d=\(seconds)" }
    return [
      color("0x283038", "1280x720") + ",drawgrid=w=80:h=80:t=2:c=0x404850[bg]",
      "testsrc2=s=640x360:r=\(Self.frameRate):d=\(seconds)[in]",
      color("0xd08020", "96x96") + "[b1]",
      color("0x2080d0", "96x96") + "[b2]",
      "[bg][in]overlay=320:180[o1]",
      "[o1][b1]overlay=x='mod(n*8,1376)-96':y=84[o2]",
      "[o2][b2]overlay=x='1280-mod(n*8,1376)':y=582",
    ].joined(separator: ";")
  }

  /// The sound in a voice: mono, 16 bits, little endian; silence, and at each mark's very sample its three tones without a break between them
  /// (``MarkCode``), which end in a short fade.
  func beepTrack(_ voice: MarkVoice) -> [UInt8] {
    let count = seconds * Self.sampleRate + 2 * Self.samplesPerAACFrame
    var samples = [Int16](repeating: 0, count: count)
    for (index, time) in rhythm.times.enumerated() {
      let start = Int((time * Double(Self.sampleRate)).rounded())
      let beep = Self.beep(MarkCode.hertz(of: Self.number(of: index), in: voice))
      guard start >= 0, start + beep.count <= count else { continue }
      samples.replaceSubrange(start..<start + beep.count, with: beep)
    }
    return samples.flatMap { sample -> [UInt8] in
      let bits = UInt16(bitPattern: sample)
      return [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
    }
  }

  private static func beep(_ tones: [Double]) -> [Int16] {
    let length = Int((MarkCode.toneSeconds * Double(sampleRate)).rounded())
    let fade = sampleRate / 100
    var phase = 0.0
    return (0..<length * tones.count).map { index in
      defer { phase += 2 * Double.pi * tones[index / length] / Double(sampleRate) }
      let volume = min(1, Double(length * tones.count - index) / Double(fade))
      return Int16((16000 * volume * sin(phase)).rounded())
    }
  }
}
