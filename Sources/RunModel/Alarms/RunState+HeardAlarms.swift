import Events
import MediaSync

/// What is really heard, beside what the worker tells.
extension RunState {
  /// How many segments more must be told of as dubbed than are heard so: a stream that is joined late may be off by one.
  private static let leastDifference = 2
  /// How far back a lost or repeated segment is an alarm, in seconds: five of the stream's.
  private static let lastingSeconds = 5 * StreamAnalysis.segmentSeconds

  func heardAlarms(of track: StreamTrack) -> [AlarmDraft] {
    guard !track.name.isInputStream else { return [] }
    return [lossAlarm(of: track), claimedDubAlarm(of: track), delayAlarm(of: track)].compactMap(\.self)
  }

  /// Segments whose sound is another's, or nowhere: an alarm as long as the newest of them is new.
  private func lossAlarm(of track: StreamTrack) -> AlarmDraft? {
    guard let last = track.heard.last(where: { $0.value.isLost || $0.value.place == .repeated || $0.value.place == .swapped }),
      now.seconds(since: last.at) < Self.lastingSeconds
    else { return nil }
    return AlarmDraft(
      id: "heard:place:\(track.name)", severity: .bad, text: "\(track.name): segment \(last.value.segmentIndex): \(last.value.words)",
      service: track.name, since: last.at, witness: SourceID(.stream, track.name).description, category: .sync)
  }

  /// A stream that is silent, black or frozen by now; it may be as it should.
  func spanAlarms(of track: StreamTrack) -> [AlarmDraft] {
    StreamSpan.Kind.allCases.compactMap { track.spans[$0] }.map { span in
      AlarmDraft(
        id: "\(span.value.kind.rawValue):\(track.name)", severity: .warning, text: "\(track.name): \(span.value.words)",
        service: track.name, since: span.at.advanced(bySeconds: -span.value.seconds),
        witness: SourceID(.stream, track.name).description, category: .sync)
    }
  }

  /// A stream that comes later and later.
  private func delayAlarm(of track: StreamTrack) -> AlarmDraft? {
    guard let last = track.delays.last, now.seconds(since: last.at) < Self.lastingSeconds, let course = track.delayCourse,
      course.isLagging
    else { return nil }
    return AlarmDraft(
      id: "heard:delay:\(track.name)", severity: .bad, text: "\(track.name) comes later and later: \(course.words)", service: track.name,
      witness: SourceID(.stream, track.name).description, category: .sync)
  }

  /// The worker tells of dubbed segments that are not heard dubbed.
  private func claimedDubAlarm(of track: StreamTrack) -> AlarmDraft? {
    // Of several workers nobody says which of them this stream is of.
    guard lanes.others.isEmpty, let first = track.heard.first?.value.segmentIndex, let last = track.heard.last?.value.segmentIndex,
      let told = segments.dubbedOutput(in: min(first, last)...max(first, last))
    else { return nil }
    // Segments of another length are not those that are heard.
    guard SegmentLength.agrees(segmentSeconds, over: max(first, last) + 1) else { return nil }
    let count = HeardCount(track.heard.map(\.value))
    // What is not known, or partly so, may be what is told.
    let missing = told - count.dubbed - count.mixed - count.unknown
    guard missing >= Self.leastDifference else { return nil }
    return AlarmDraft(
      id: "heard:claimed:\(track.name)", severity: .bad,
      text:
        "\(worker) tells of \(Figure.count(told, "dubbed segment")), \(count.dubbed) dubbed \(count.dubbed == 1 ? "one is" : "ones are") "
        + "heard in \(track.name) (\(count.words))",
      service: track.name, witness: SourceID(.stream, track.name).description, category: .sync)
  }
}
