import WireFormats

/// The rules that only counting can tell: a header says what it likes.
extension TestFixture {
  /// How many frames the data model's 60 s at 30 fps are.
  private static let frames = 1800
  /// The longest time from frame to frame, in seconds: one and a half frames; containers round to a millisecond.
  private static let longestStep = 1.5 / 30

  /// Frames counted, both tracks begun together, every mark in its place; none where nobody counted.
  func countedChecks() -> [Check] {
    guard let counted = facts.counted else { return [] }
    return [frames(counted), begins(counted)] + (counted.marks.map { [marks($0), decoded($0)] } ?? [])
  }

  private func frames(_ counted: Counted) -> Check {
    let step = counted.longestStepSeconds
    let found =
      "\(counted.frames)"
      + (facts.videoSeconds.flatMap { $0 > 0 ? ", \(NumberText.rounded(Double(counted.frames) / $0, 2)) fps counted" : nil } ?? "")
      + (step.map { ", at most \(NumberText.rounded($0 * 1000, 1)) ms from one to the next" } ?? "")
    return Check(
      field: "frames", required: "\(Self.frames), one each 1/30 s", found: found,
      holds: counted.frames == Self.frames && (step ?? .infinity) <= Self.longestStep)
  }

  private func begins(_ counted: Counted) -> Check {
    let required = "together, within one AAC frame (\(NumberText.rounded(audioFrameSeconds * 1000, 3)) ms)"
    guard let video = counted.videoBegin, let audio = counted.audioBegin else {
      return Check(field: "begins", required: required, found: "not to be measured: not both tracks have packets", holds: false)
    }
    return Check(
      field: "begins", required: required, found: "video at \(Self.seconds(video)), audio at \(Self.seconds(audio))",
      holds: abs(video - audio) <= audioFrameSeconds + 0.0005)
  }

  private func marks(_ marks: Marks) -> Check {
    var found = "\(marks.joined) of \(marks.expected) flashes with their beep in place (\(marks.flashes) flashes, \(marks.beeps) beeps)"
    if marks.joined > 0 { found += ", at most \(NumberText.rounded(marks.largestMilliseconds, 1)) ms apart" }
    if let from = marks.missingFrom, let to = marks.missingTo {
      found += from == to ? "; missing at \(Self.seconds(from))" : "; missing from \(Self.seconds(from)) to \(Self.seconds(to))"
    }
    return Check(
      field: "marks", required: "\(marks.expected) flashes, each with a beep within one AAC frame, in rhythm from begin to end",
      found: marks.trouble ?? found,
      holds: marks.trouble == nil && marks.joined == marks.expected && marks.largestMilliseconds <= audioFrameSeconds * 1000)
  }

  private func decoded(_ marks: Marks) -> Check {
    let found = marks.complaints == 0 ? "without a complaint" : "\(marks.complaints) complaints of the decoder"
    return Check(
      field: "decoded", required: "without a complaint", found: marks.trouble ?? found, holds: marks.trouble == nil && marks.complaints == 0
    )
  }
}
