import Events
import MediaSync
import RunModel

/// Runs in which a media stream is probed, each in another state.
enum SampleStreams: String, CaseIterable {
  case good, drift, early, breaks, noMarks = "no-marks", outOfRange = "out-of-range", off, stalled, closed, waiting, searching, several,
    heard

  static let out: ServiceName = "live/test/out"
  private static let jitter = [0.0, 4, -3, 7, -6, 2, 9, -8, 5, -2, 1]
  private static let gaps = [0.8, 1.3, 1.0, 1.6, 0.9, 1.2, 1.5]

  var script: Script {
    let speed = self == .off ? 8.0 : 1
    var list = SampleRuns.everything(until: 62).events.map { (at: $0.instant.seconds, source: $0.source, event: $0.event) }
    if case .description(var description) = list[0].event {
      description.speed = speed
      list[0].event = .description(description)
    }
    if self == .several { list += Self.stream("live/test/in", self, until: 60) }
    list += Self.stream(Self.out, self, until: 60)
    var script = Script()
    // Sorting keeps the order of what has the same time.
    for entry in list.enumerated().sorted(by: { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }).map(\.element) {
      script.add(entry.at, entry.source, entry.event)
    }
    return script
  }

  func state() -> RunState { script.state() }

  private func offset(_ t: Double) -> Double {
    switch self {
    case .drift: max(0, t - 20) * 5
    case .early: -200
    default: 18
    }
  }

  private static func stream(_ name: ServiceName, _ state: Self, until end: Double) -> [(at: Double, source: SourceID, event: RunEvent)] {
    let source = SourceID(.stream, name)
    var list: [(at: Double, source: SourceID, event: RunEvent)] = []
    func add(_ t: Double, _ happening: StreamHappening) {
      list.append((t, source, .happening(Happening(.stream(happening), service: name, provenance: .observed))))
    }
    list.append(
      (2, source, .sourceStatus(SourceStatus(standing: .reading, target: "http://127.0.0.1/\(name)", intervalSeconds: 1))))
    guard state != .waiting else { return list }
    let facts = StreamFacts(
      container: "mpegts", videoCodec: "h264", width: 1280, height: 720, framesPerSecond: 30, audioCodec: "aac", sampleRate: 48000,
      channels: 2)
    add(3, .opened(facts))
    let last = state == .stalled || state == .closed ? 48 : end
    let content: ContentState =
      switch state {
      case .noMarks: .noMarks
      case .outOfRange: .outOfRange
      case .off: .off
      case .searching: .searching
      default: .found
      }
    for second in stride(from: 4.0, through: last, by: 1) {
      var quality = StreamQuality()
      (quality.pictureSeconds, quality.soundSeconds, quality.integratedLUFS) = (second, second, -22.84)
      let rate = 1_900_000 + 40_000 * jitter[Int(second) % jitter.count]
      list.append(
        (
          second, source,
          .sample(
            .stream(
              StreamSample(
                facts: facts, videoPackets: UInt64(second * 30), audioPackets: UInt64(second * 47), framesPerSecond: 30,
                bitsPerSecond: rate,
                content: content, quality: state == .drift ? quality : nil)))
        ))
    }
    for index in 0..<9 where state != .searching || index < 1 {
      let t = 4 + Double(index + 1) * 6
      guard t <= last else { break }
      let video = Double(index) * 6
      let measured = SyncMeasurement(
        segmentIndex: index, videoPTS: video, audioPTS: video + (index == 0 ? 179 : jitter[index]) / 1000)
      add(t, .alignment(measured, isScored: index > 0 && state != .searching))
      if content == .found, !(state == .breaks && index == 4) {
        add(t + 0.2, .contentOffset(ContentOffset(segmentIndex: index, offsetMilliseconds: state.offset(t - 3), markCount: 5)))
      }
    }
    if content == .found {
      var t = 4.5
      var number = 0
      while t <= last {
        let isGap = state == .breaks && (30.0...38).contains(t)
        if !isGap {
          let mark = ContentMark(
            videoPTS: t - 4, offsetMilliseconds: state.offset(t) + jitter[number % jitter.count], segmentIndex: Int((t - 4) / 6),
            isScored: !(state == .breaks && number == 20))
          add(t, .mark(mark))
        }
        t += gaps[number % gaps.count]
        number += 1
      }
    }
    switch state {
    case .heard:
      // Sent from the third second on by the publisher's own word, and 10.4 s later out again.
      for second in stride(from: 4.0, through: 60, by: 1) {
        let sample = PublisherSample(frames: UInt64(30 * (second - 3)), mediaSeconds: second - 3)
        list.append((second, SourceID(.publisher, "publisher"), .sample(.publisher(sample))))
      }
      for index in 0..<7 {
        var segment = HeardSegment(segmentIndex: index, voice: index == 5 ? .original : .dubbed, marks: 5, dubbed: index == 5 ? 0 : 5)
        segment.original = index == 5 ? 5 : 0
        segment.arrivals = MarkRhythm.standard.times.enumerated().filter { Int($0.element / 6) == index }
          .map { MarkArrival(number: $0.offset, seconds: 13.4 + $0.element + jitter[index] / 1000) }
        add(13.4 + Double(index + 1) * 6, .heard(segment))
      }
    case .breaks:
      add(30.1, .gap(.audio, seconds: 8, atPTS: 26))
      add(45.3, .seam(bySeconds: -60, atPTS: 0))
      add(52.1, .wrap(.video))
    case .stalled: add(53, .stalled(seconds: 5))
    case .closed:
      add(50, .closed(reason: "end of stream"))
      let failing = SourceStatus.Standing.failing(reason: "connection refused", consecutiveFailures: 3, retryInSeconds: 8)
      list.append((58, source, .sourceStatus(SourceStatus(standing: failing, target: "http://127.0.0.1", intervalSeconds: 1))))
    default: break
    }
    return list
  }
}
