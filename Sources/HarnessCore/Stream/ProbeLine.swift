/// A line of the reader's output.
enum ProbeLine: Hashable, Sendable {
  /// `#tb 0: 1/90000`: something about a stream, by its number.
  case header(name: String, stream: Int, value: String)
  /// A packet of a stream: times in its unit.
  case packet(stream: Int, pts: Int64?, dts: Int64?, isKeyFrame: Bool, byteCount: Int)
  /// The frame that the next value belongs to.
  case frame(ticks: Int64, seconds: Double)
  /// The mean brightness of a frame.
  case brightness(Double)
  /// The brightest point of a frame.
  case peak(Double)
  /// How much the points of a frame differ from those of the one before, on the mean.
  case change(Double)
  /// The loudness of the last 400 ms, in LUFS.
  case momentary(Double)
  /// The loudness of all sound so far, in LUFS.
  case integrated(Double)
  /// The mean brightness of a square of a mark: that of a picture of one point.
  case square(Double)
  /// The level of a piece of sound, in decibels.
  case level(Double)
  /// How often a piece of sound crosses zero.
  case crossings(Double)

  /// Reads a line; nil for any other.
  init?(_ line: String) {
    switch line.utf8.first {
    case UInt8(ascii: "0")?, UInt8(ascii: "1")?: self.init(packet: line)
    case UInt8(ascii: "f")?: self.init(frame: line)
    case UInt8(ascii: "l")?: self.init(value: line)
    case UInt8(ascii: "#")?: self.init(header: line)
    default: return nil
    }
  }

  /// `0, 100000000000007, 200000000126000,     3001,     7771, 0x4668853c, F=0x0, S=1,        1`
  private init?(packet line: String) {
    let fields = line.utf8.split(separator: UInt8(ascii: ",")).map { Substring($0).drop { $0 == " " } }
    guard fields.count >= 6, let stream = Int(fields[0]), let pts = Int64(fields[2]), let lag = Int64(fields[3]),
      let size = Int(fields[4]), size >= 0
    else { return nil }
    // Flags are printed when they are not those of a plain key frame, 1.
    let flags = fields.dropFirst(6).first { $0.hasPrefix("F=0x") }.flatMap { Int($0.dropFirst(4), radix: 16) } ?? 1
    // A packet without a time stamp gets something far off.
    let moved = pts.subtractingReportingOverflow(ProbeCommandLine.ptsBase)
    let known = moved.overflow || moved.partialValue.magnitude > 1 << 45 ? nil : moved.partialValue
    if lag == ProbeCommandLine.noPTS {
      self = .packet(stream: stream, pts: nil, dts: known, isKeyFrame: flags & 1 == 1, byteCount: size)
      return
    }
    let dts = known.flatMap { lag >= 1 && lag < 1 << 40 ? $0 &- (lag - 1) : nil }
    self = .packet(stream: stream, pts: known, dts: dts, isKeyFrame: flags & 1 == 1, byteCount: size)
  }

  /// `frame:0    pts:126000  pts_time:1.4`
  private init?(frame line: String) {
    let words = line.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count == 3, words[0].hasPrefix("frame:"), words[1].hasPrefix("pts:"), words[2].hasPrefix("pts_time:"),
      let ticks = Int64(words[1].dropFirst(4)),
      let seconds = Double(words[2].dropFirst(9)), seconds.isFinite
    else { return nil }
    self = .frame(ticks: ticks, seconds: seconds)
  }

  private init?(_ text: Substring, _ make: (Double) -> ProbeLine) {
    guard let value = Double(text), value.isFinite else { return nil }
    self = make(value)
  }

  /// A loudness: of digital silence it is "nan" or "-inf".
  private init?(loudness text: Substring, _ make: (Double) -> ProbeLine) {
    guard let value = Double(text) else { return nil }
    self = make(value.isFinite ? value : -.infinity)
  }

  private init?(value line: String) {
    guard let equals = line.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    let text = line[line.utf8.index(after: equals)...]
    switch line[..<equals] {
    case Substring(ProbeCommandLine.peakKey): self.init(text, ProbeLine.peak)
    case Substring(ProbeCommandLine.changeKey): self.init(text, ProbeLine.change)
    case Substring(ProbeCommandLine.momentaryKey): self.init(loudness: text, ProbeLine.momentary)
    case Substring(ProbeCommandLine.integratedKey): self.init(loudness: text, ProbeLine.integrated)
    case Substring(ProbeCommandLine.brightnessKey):
      guard let value = Double(text), value.isFinite else { return nil }
      self = .brightness(value)
    case Substring(ProbeCommandLine.squareKey):
      guard let value = Double(text), value.isFinite else { return nil }
      self = .square(value)
    case Substring(ProbeCommandLine.crossingsKey):
      guard let value = Double(text), value.isFinite, value >= 0 else { return nil }
      self = .crossings(value)
    case Substring(ProbeCommandLine.levelKey):
      // Silence is "-inf"; "nan" comes of damaged sound.
      guard let value = Double(text), !value.isNaN else { return nil }
      self = .level(value)
    default: return nil
    }
  }

  /// `#tb 0: 1/90000`
  private init?(header line: String) {
    let parts = line.dropFirst().split(separator: " ", maxSplits: 2)
    guard parts.count == 3, parts[1].hasSuffix(":"), let stream = Int(parts[1].dropLast()) else { return nil }
    self = .header(name: String(parts[0]), stream: stream, value: String(parts[2]))
  }
}
