import Events
import MediaSync
import RunModel
import WireFormats

extension FixtureProbe {
  /// What the file is, with every mark seen and heard: it is decoded as a whole, which takes some seconds.
  /// - Parameters:
  ///   - path: its absolute path.
  ///   - clock: a clock that runs at its own speed.
  package func measureWithMarks(_ path: String, clock: any RunClock, rhythm: MarkRhythm = .standard) async throws(Problem) -> TestFixture {
    var fixture = try await measure(path)
    let address = try StreamAddress(path)
    let probe = StreamProbe(
      StreamTarget(name: "fixture", address: address), options: StreamProbeOptions(mode: .once(mediaSeconds: nil)), clock: clock,
      processGuard: run.processGuard, rhythm: rhythm)
    let collector = MarkCollector()
    await probe.run(into: collector)
    if Task.isCancelled { throw Problem(.tool, "\(path) was not read to its end") }
    let begin = fixture.facts.counted?.videoBegin ?? 0
    fixture.facts.counted?.marks = Self.marks(await collector.marks, in: rhythm, from: begin, totals: await probe.totals)
    return fixture
  }

  /// Which marks of a rhythm are in their place, to a frame.
  private static func marks(
    _ found: [ContentMark], in rhythm: MarkRhythm, from begin: Double, totals: StreamProbe.Totals
  ) -> TestFixture.Marks {
    let isThere = rhythm.times.map { time in found.contains { abs($0.videoPTS - begin - time) <= rhythm.flashSeconds / 2 } }
    let missing = zip(rhythm.times, isThere).filter { !$1 }.map(\.0)
    return TestFixture.Marks(
      expected: rhythm.times.count, joined: isThere.count { $0 }, flashes: totals.sight.flashes, beeps: totals.sight.beeps,
      largestMilliseconds: found.map { abs($0.offsetMilliseconds) }.max() ?? 0, missingFrom: missing.first, missingTo: missing.last,
      complaints: totals.complaints, trouble: totals.failure.map { "not to be counted: \($0)" })
  }

  private actor MarkCollector: EventSink {
    private(set) var marks: [ContentMark] = []

    func emit(_ event: RunEvent, from source: SourceID) {
      if case .happening(let happening) = event, case .stream(.mark(let mark)) = happening.kind { marks.append(mark) }
    }
  }
}
