extension HappeningKind {
  /// What enters and leaves the pipeline.
  static let segments = [segmentIn, segmentOut]

  /// A segment went into the pipeline.
  package static let segmentIn = segment("segment-in", "a segment went into the pipeline", .input)

  /// A segment came out of the pipeline.
  package static let segmentOut = segment(
    "segment-out", "a segment came out of the pipeline", .output,
    counting: Counting(words: ["dubbed", "original"]) { segment(of: $0.kind)?.isDubbed.map { $0 ? "dubbed" : "original" } ?? "" })

  /// The service corrected, or claims, an A/V offset.
  package static let syncClaim = HappeningKind(
    "sync-claim", "the service corrects, or claims, an A/V offset", about: .others,
    line: Line([HappeningField("delta_ms", .number, required: true, "the offset in milliseconds, as it writes it")]) {
      values throws(HappeningMistake) in
      .happening(.syncClaim(deltaMilliseconds: try values.required("delta_ms", try values.number("delta_ms"))))
    },
    telling: .of(
      .sync, { if case .syncClaim(let delta) = $0 { delta } else { nil } }, severity: { _ in .routine },
      sentence: { "the service corrects \(Figure.milliseconds($0))" }))

  private static func segment(
    _ word: String, _ meaning: String, _ direction: SegmentHappening.Direction, counting: Counting? = nil
  ) -> HappeningKind {
    HappeningKind(
      word, meaning, about: .segments,
      line: Line([
        HappeningField("index", .integer, "its index"), HappeningField("track", .word(["audio", "video"]), "its track; both if absent"),
        HappeningField("duration_sec", .duration(.seconds), "its length in seconds"),
        HappeningField("dubbed", .flag, "whether it carries dubbed audio"),
      ]) { values throws(HappeningMistake) in
        .happening(
          .segment(
            SegmentHappening(
              direction: direction, index: try values.integer("index"), track: values.text("track"),
              durationSeconds: try values.duration("duration_sec", in: .seconds), isDubbed: try values.flag("dubbed"))))
      },
      counting: counting, telling: .of(.segment, segment(of:), severity: { _ in .routine }, sentence: \.sentence))
  }

  @Sendable private static func segment(of kind: Happening.Kind) -> SegmentHappening? {
    if case .segment(let segment) = kind { segment } else { nil }
  }
}

extension SegmentHappening {
  /// The row's words: "video segment 3 out (dubbed)".
  var sentence: String {
    [
      track, "segment", index.map(String.init), direction == .output ? "out" : "in",
      isDubbed.map { $0 ? "(dubbed)" : "(original)" },
    ].compactMap { $0 }.joined(separator: " ")
  }
}
