import WireFormats

/// What all the marks of both tracks since the last jump come to: one line of offsets over time, and how well they fit it.
package struct MarkFit: Codable, Hashable, Sendable {
  /// How far the sound lies behind the picture at the newest mark, in milliseconds; positive means audio is late.
  package var offsetMilliseconds: Double
  /// How much more time the sound takes than the picture, in parts per million: 30 000 for sound that plays 3 % slow.
  package var speedPPM: Double
  /// The standard error of the speed, in parts per million.
  package var speedErrorPPM: Double
  /// How much more time the picture takes than the rhythm, in parts per million.
  package var videoPPM: Double
  /// How much more time the sound takes than the rhythm, in parts per million.
  package var audioPPM: Double
  /// How far the marks lie from the line: the root of the mean square, in milliseconds.
  package var residualMilliseconds: Double
  /// How many marks the line is made of.
  package var usedMarks: Int
  /// How many flashes were seen in the same time.
  package var seenMarks: Int
  /// From the first of them to the last, in seconds.
  package var spanSeconds: Double

  /// How far the speeds of sound and picture may lie apart, in parts per million.
  ///
  /// The clocks of two devices differ by 200 at most (crystals of ±100); at 500 sound leaves the ±120 ms of the data model in four
  /// minutes.
  package static let tolerancePPM = 500.0
  /// How many marks a speed takes at least.
  package static let leastMarks = 8

  /// Whether sound and picture certainly run at different speeds: beyond the tolerance, and four standard errors from none.
  package var isSpeedOff: Bool {
    usedMarks >= Self.leastMarks && abs(speedPPM) > Self.tolerancePPM && abs(speedPPM) > 4 * speedErrorPPM
  }

  /// Which track runs at another speed than it should, by how much and which way: `audio runs 3.00 % slow`.
  package var speedWords: String {
    let isVideo = abs(videoPPM) > abs(audioPPM)
    // Of the track that is off, beside the other.
    let ppm = isVideo ? -speedPPM / (1 + speedPPM / 1e6) : speedPPM
    return "\(isVideo ? "video" : "audio") runs \(Self.share(ppm)) \(ppm > 0 ? "slow" : "fast")"
  }

  /// `3.00 %` from 1 in 1000 on, else `620 ppm`.
  package static func share(_ ppm: Double) -> String {
    guard ppm.isFinite else { return "not known" }
    let size = abs(ppm)
    if size < 1000 { return "\(NumberText.fixed(size, 0)) ppm" }
    return "\(NumberText.fixed(size / 10_000, 2)) %"
  }
}

/// The marks that were joined since the last seam.
struct MarkRecord: Hashable, Sendable {
  /// How many marks are kept: some eight minutes of them.
  private static let limit = 400
  /// What two offsets may differ by without any reason, in milliseconds: half a frame of AAC, and what is measured.
  static let floorMilliseconds = 3.0

  /// The share of the joined marks that must lie on the line.
  private static let leastShare = 0.75

  private var flashes: [Double] = []
  private var offsets: [LineFit.Point] = []

  mutating func note(flash time: Double) {
    flashes.append(time)
    if flashes.count > 2 * Self.limit { flashes.removeFirst(Self.limit) }
  }

  mutating func note(flash time: Double, beep: Double) {
    offsets.append(LineFit.Point(x: time, y: (beep - time) * 1000))
    if offsets.count > 2 * Self.limit { offsets.removeFirst(Self.limit) }
  }

  func fit(flashes seen: RhythmFollower, beeps heard: RhythmFollower) -> MarkFit? {
    let recent = Array(offsets.suffix(Self.limit))
    let all = recent[LineFit.lastPiece(of: recent, floor: Self.floorMilliseconds)...]
    // A beep that was none, but lay near, must not hide what all others say.
    let piece = LineFit.fitting(all, floor: 2 * Self.floorMilliseconds)
    guard piece.count >= MarkFit.leastMarks, Double(piece.count) >= Self.leastShare * Double(all.count), let first = piece.first,
      let last = piece.last, let line = LineFit(piece), line.isGood(for: piece, floor: 2 * Self.floorMilliseconds)
    else { return nil }
    return MarkFit(
      offsetMilliseconds: line.value(at: last.x), speedPPM: line.slope * 1000, speedErrorPPM: line.slopeError * 1000,
      videoPPM: ((seen.place?.speed ?? 1) - 1) * 1e6, audioPPM: ((heard.place?.speed ?? 1) - 1) * 1e6,
      residualMilliseconds: line.residual, usedMarks: piece.count, seenMarks: flashes.count { $0 >= first.x && $0 <= last.x },
      spanSeconds: last.x - first.x)
  }
}
