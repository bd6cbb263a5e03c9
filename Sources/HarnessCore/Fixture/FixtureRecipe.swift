import MediaSync

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the test stream is made: what ffmpeg draws, and the beeps it is given. The same bytes every time with the same ffmpeg.
struct FixtureRecipe: Sendable {
  /// Raised when a stream made before would not do any more.
  static let version = 1
  static let frameRate = 30
  static let sampleRate = 48000
  /// Samples in a frame of AAC-LC.
  static let samplesPerAACFrame = 1024

  let rhythm: MarkRhythm

  private var seconds: Int { Int(rhythm.periodSeconds.rounded()) }
  private var frames: [Int] { rhythm.times.map { Int(($0 * Double(Self.frameRate)).rounded()) } }
  /// As many whole AAC frames as fit: audio longer than video would lengthen every loop.
  private var audioPackets: Int { seconds * Self.sampleRate / Self.samplesPerAACFrame }

  /// ffmpeg's arguments.
  /// - Parameters:
  ///   - beeps: the file that holds ``beepTrack()``.
  ///   - output: the MP4 to write.
  func arguments(beeps: String, output: String) -> [String] {
    let flashes = frames.map { "eq(n,\($0))" }.joined(separator: "+")
    let picture = "drawbox=c=white:t=fill:enable='\(flashes)',format=yuv420p,trim=end_frame=\(seconds * Self.frameRate)"
    // The encoder's first packet is its delay. Without it the track begins at 0 with the video, needs no edit list, and every decoder
    // gives a beep at its flash.
    let trimmed = "noise=drop='lt(pts,0)+gte(pts,\(audioPackets * Self.samplesPerAACFrame))'"
    return [
      ["-hide_banner", "-nostdin", "-loglevel", "level+warning", "-y"],
      ["-f", "lavfi", "-i", pattern],
      ["-f", "s16le", "-ar", "\(Self.sampleRate)", "-ac", "1", "-i", "file:" + beeps],
      ["-map", "0:v", "-map", "1:a", "-vf", picture, "-af", "pan=stereo|c0=c0|c1=c0"],
      // No B-frames, and a key frame every second: every container takes it as it is, a reader joins at once, and every 6 s lie on one.
      ["-c:v", "libx264", "-threads:v", "1", "-preset", "veryfast", "-crf", "28", "-bf", "0", "-refs", "2"],
      ["-g", "\(Self.frameRate)", "-keyint_min", "\(Self.frameRate)", "-sc_threshold", "0"],
      ["-c:a", "aac", "-b:a", "96k", "-bsf:a", trimmed],
      ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1", "-movflags", "+faststart"],
      ["-f", "mp4", "file:" + output],
    ].flatMap(\.self)
  }

  /// A dark grid with two boxes that cross it and ffmpeg's test card with its running second: dark enough that a flash stands out.
  private var pattern: String {
    func color(_ name: String, _ size: String) -> String { "color=c=\(name):s=\(size):r=\(Self.frameRate):d=\(seconds)" }
    return [
      color("0x283038", "1280x720") + ",drawgrid=w=80:h=80:t=2:c=0x404850[bg]",
      "testsrc2=s=640x360:r=\(Self.frameRate):d=\(seconds)[in]",
      color("0xd08020", "96x96") + "[b1]",
      color("0x2080d0", "96x96") + "[b2]",
      "[bg][in]overlay=320:180[o1]",
      "[o1][b1]overlay=x='mod(n*8,1376)-96':y=42[o2]",
      "[o2][b2]overlay=x='1280-mod(n*8,1376)':y=582",
    ].joined(separator: ";")
  }

  /// The sound: mono, 16 bits, little endian; silence, and at each mark's very sample a sine that ends in a short fade.
  func beepTrack() -> [UInt8] {
    let count = seconds * Self.sampleRate + 2 * Self.samplesPerAACFrame
    var samples = [Int16](repeating: 0, count: count)
    let length = Int((rhythm.beepSeconds * Double(Self.sampleRate)).rounded())
    let fade = Self.sampleRate / 100
    let step = 2 * Double.pi * rhythm.beepFrequencyHertz / Double(Self.sampleRate)
    let beep = (0..<length).map { index in
      let volume = min(1, Double(length - index) / Double(fade))
      return Int16((16000 * volume * sin(step * Double(index))).rounded())
    }
    for time in rhythm.times {
      let start = Int((time * Double(Self.sampleRate)).rounded())
      guard start >= 0, start + length <= count else { continue }
      samples.replaceSubrange(start..<start + length, with: beep)
    }
    return samples.flatMap { sample -> [UInt8] in
      let bits = UInt16(bitPattern: sample)
      return [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
    }
  }
}
