import Events
import MediaSync
import RunModel
import SpeechProtocol
import TestSupport

/// Events without sense: what a hostile or broken service could make sources say.
enum RandomEvents {
  static func make(_ random: inout SplitMix, count: Int) -> [EventEnvelope] {
    var script = Script()
    var t = 0.0
    for index in 0..<count {
      t += Double(random.next() % 4000) / 1000
      let at = random.next() % 50 == 0 ? -t : t
      if index == 5 { script.add(at, .harness, SampleRuns.description(SampleRuns.dataModelContract, scenario: "x", expected: .nan)) }
      one(&script, at, &random)
    }
    return script.events
  }

  private static func number(_ random: inout SplitMix) -> Double {
    let numbers = [0, -1, 1, 3, 1e9, 1e300, -1e300, .infinity, -.infinity, .nan, 0.5, 5e-300, 9.3e18, 17]
    return numbers[Int(random.next() % UInt64(numbers.count))]
  }

  private static func integer(_ random: inout SplitMix) -> Int {
    let numbers = [0, 1, 2, 3, 5, -1, 7, 99, 1_000_000]
    return numbers[Int(random.next() % UInt64(numbers.count))]
  }

  private static func one(_ script: inout Script, _ t: Double, _ random: inout SplitMix) {
    let text = random.next() % 3 == 0 ? RenderTests.hostile : "text"
    let service = SampleRuns.services[Int(random.next() % 3)]
    switch random.next() % 20 {
    case 0: script.health(t, service, .unhealthy(status: integer(&random), excerpt: text), number(&random))
    case 1: script.health(t, service, .unreachable(reason: text))
    case 2: script.healthy(t, service, number(&random))
    case 3, 4:
      let signals: [SignalID] = [
        .fragmentsSent, .inflightFragments, .breakerState, .syncClaim, .reconnections, .backpressurePause, .speechLatency,
      ]
      var values: [SignalID: SignalValue] = [:]
      for signal in signals {
        values[signal] = random.next() % 5 == 0 ? .ambiguous(matches: 3) : .number(number(&random))
      }
      values[.speechLatency] = .histogram(
        HistogramValue(
          upperBounds: [number(&random), .infinity], cumulativeCounts: [number(&random), number(&random)], sum: number(&random),
          count: number(&random)))
      script.metrics(t, values, text: "a{b=\"c\"} \(random.next() % 100)\nh_bucket{le=\"x\"} 3\nh_count 4\n")
    case 5: script.paths(t, bytes: random.next(), isReady: random.next() % 2 == 0)
    case 6:
      let states = BreakerState.allCases
      script.told(
        t, .breaker(BreakerTransition(state: states[Int(random.next() % 3)], trigger: .timeout, failureCount: integer(&random))))
    case 7:
      let actions = BackpressureAction.allCases
      script.told(
        t,
        .backpressure(
          BackpressureEvent(
            severity: nil, action: actions[Int(random.next() % 3)], recommendedDelayMilliseconds: number(&random),
            currentInflight: integer(&random), queueDepth: integer(&random))))
    case 8: script.told(t, .speechDisconnected(reason: text))
    case 9: script.told(t, .sessionOpened(streamID: text, sessionID: nil, maxInflight: integer(&random)))
    case 10:
      script.told(
        t,
        .reconnectionAttempt(
          ReconnectionAttempt(
            attempt: integer(&random), plannedDelaySeconds: number(&random), success: [true, false, nil][Int(random.next() % 3)])))
    case 11: script.told(t, .reconnectionPlanned(attempt: integer(&random), delaySeconds: number(&random)))
    case 12:
      let stages: [FragmentHappening.Stage] = [.sent, .processed, .failed, .timedOut, .fallback, .acknowledged]
      script.told(
        t,
        .fragment(
          FragmentHappening(
            stage: stages[Int(random.next() % 6)], sequenceNumber: integer(&random), detail: text, durationMilliseconds: number(&random))))
    case 13:
      let phases: [FaultHappening.Phase] = [.began, .ended, .momentary, .failed]
      script.own(t, .fault(FaultHappening(id: integer(&random), kind: text, detail: text, phase: phases[Int(random.next() % 4)])))
    case 14:
      let standing = SourceStatus.Standing.failing(reason: text, consecutiveFailures: integer(&random), retryInSeconds: number(&random))
      script.add(
        t, SourceID(.metrics, service), .sourceStatus(SourceStatus(standing: standing, target: text, intervalSeconds: number(&random))))
    case 15, 16:
      let name: ServiceName = ["live/out", "in", "x"][Int(random.next() % 3)]
      let index = [0, 1, 2, 7, -1, .max, .min][Int(random.next() % 7)]
      let kinds: [StreamHappening] = [
        .opened(StreamFacts(container: text, videoCodec: text, width: .max, height: .min, framesPerSecond: number(&random), sampleRate: 0)),
        .closed(reason: text), .stalled(seconds: number(&random)), .resumed(afterSeconds: number(&random)),
        .gap(.audio, seconds: number(&random), atPTS: 0), .wrap(.video), .seam(bySeconds: number(&random), atPTS: number(&random)),
        .alignment(SyncMeasurement(segmentIndex: index, videoPTS: number(&random), audioPTS: number(&random)), isScored: true),
        .mark(ContentMark(videoPTS: 0, offsetMilliseconds: number(&random), segmentIndex: index, isScored: random.next() % 2 == 0)),
        .contentOffset(ContentOffset(segmentIndex: index, offsetMilliseconds: number(&random), markCount: .max)),
        .content(ContentState.allCases[Int(random.next() % 5)]),
        .heard(
          HeardSegment(
            segmentIndex: index, voice: HeardSegment.Voice.allCases[Int(random.next() % 5)],
            place: HeardSegment.Place.allCases[Int(random.next() % 5)], instead: index, isLost: random.next() % 2 == 0, marks: .max,
            offsetMilliseconds: number(&random))),
      ]
      script.add(
        t, SourceID(.stream, name),
        .happening(Happening(.stream(kinds[Int(random.next() % UInt64(kinds.count))]), service: name, provenance: .observed)))
    case 17:
      script.add(
        t, SourceID(.stream, "in"),
        .sample(
          .stream(
            StreamSample(
              videoPackets: random.next(), framesPerSecond: number(&random), bitsPerSecond: number(&random),
              silentSeconds: number(&random), content: ContentState.allCases[Int(random.next() % 5)]))))
    case 18:
      script.add(
        t, SourceID(.publisher, service),
        .sample(
          .publisher(
            PublisherSample(
              frames: random.next(), framesPerSecond: number(&random), bitsPerSecond: number(&random), speed: number(&random),
              mediaSeconds: number(&random)))))
    default: script.told(t, .syncClaim(deltaMilliseconds: number(&random)))
    }
  }
}
