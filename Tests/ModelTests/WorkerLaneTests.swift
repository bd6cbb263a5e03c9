import Contracts
import Events
import RunModel
import SpeechProtocol
import Testing

/// Several workers, and several streams of one: no value of one is shown for another.
@Suite struct WorkerLaneTests {
  private static let second: ServiceName = "media-service-2"
  private static let contract = Contract(
    name: "test", summary: "",
    signals: [
      SignalBinding(signal: .fragmentsSent, title: "sent", series: "sent_total", kind: .counter, aggregation: .sum),
      SignalBinding(signal: .inflightFragments, title: "in flight", series: "inflight", kind: .gauge, aggregation: .sum),
      SignalBinding(signal: .breakerState, title: "breaker", series: "breaker", kind: .gauge),
    ])

  private static func described(_ sources: [SourceID] = []) -> Script {
    var script = Script()
    var description = RunDescription(
      scenario: nil, environment: "attached", contract: contract, contractReason: "asked for",
      services: [.mediaService, second], startedAt: WallTime(epochSeconds: Script.start))
    description.sources = sources
    script.add(0, .harness, .description(description))
    return script
  }

  private static func figures(_ sent: Double, inflight: Double = 1, breaker: Double = 0) -> [SignalID: SignalValue] {
    [.fragmentsSent: .number(sent), .inflightFragments: .number(inflight), .breakerState: .number(breaker)]
  }

  @Test(arguments: [[ServiceName.mediaService, second], [second, .mediaService]])
  func `two endpoints with the same series keep their figures apart, whichever is read first`(order: [ServiceName]) {
    var script = Self.described()
    for round in 0..<3 {
      for (index, service) in order.enumerated() {
        let isFirst = service == .mediaService
        script.signals(
          Double(round) + 0.3 * Double(index), Self.figures(isFirst ? 84 : 1e308, inflight: isFirst ? 1 : 9), of: service)
      }
    }
    let state = script.state()
    #expect(state.metrics.number(.fragmentsSent) == 84)
    #expect(state.backpressure.inflight?.value == 1)
    #expect(state.workerLanes.map(\.description) == ["media-service", "media-service-2"])
    let other = state.showing(WorkerLane(Self.second))
    #expect(other.metrics.number(.fragmentsSent) == 1e308 && other.worker == Self.second)
    #expect(other.backpressure.inflight?.value == 9)
    #expect(
      state.alarms.map(\.text) == ["media-service-2: more fragments are in flight than 3, the limit of the contract"])
    #expect(other.alarms == state.alarms)
  }

  @Test func `an endpoint that shows other figures than the worker's adds them, with its name`() {
    var script = Self.described()
    script.signals(1, [.fragmentsSent: .number(4), .breakerState: .number(0)])
    script.signals(1.2, ["sts_latency_seconds": .number(2)], of: "echo-sts")
    let state = script.state()
    #expect(state.workerLanes.count == 1)
    #expect(state.metrics.signals["sts_latency_seconds"]?.service == "echo-sts")
    #expect(state.metrics.signals[.fragmentsSent]?.service == .mediaService)
  }

  @Test func `a worker under another name is the worker where the contract's is not read`() {
    var script = Self.described([SourceID(.metrics, "w"), SourceID(.log, "w")])
    script.signals(1, Self.figures(7), of: "w")
    script.told(1.5, .fragment(FragmentHappening(stage: .sent, sequenceNumber: 6)), by: "w")
    script.tick(20)
    let state = script.state()
    #expect(state.workerLanes.count == 1 && state.metrics.number(.fragmentsSent) == 7)
    #expect(state.fragments.counts[.sent] == 1)
    #expect(state.metricsStaleSeconds == 19)
  }

  @Test func `what the log of one worker tells is not credited to the other`() {
    var script = Self.described()
    script.signals(1, Self.figures(1))
    script.signals(1.1, Self.figures(2), of: Self.second)
    script.told(2, .speechDisconnected(reason: "transport close"), by: Self.second)
    script.told(3, .breaker(BreakerTransition(from: .closed, state: .open, failureCount: 5)), by: Self.second)
    script.told(4, .segment(SegmentHappening(direction: .output, index: 1)), by: Self.second)
    let state = script.state()
    #expect(state.reconnection.current == nil && state.breaker.state == .closed && state.segments.output.count == 0)
    let other = state.showing(WorkerLane(Self.second))
    #expect(other.reconnection.current != nil && other.breaker.state == .open && other.segments.output.count == 1)
    let texts = state.alarms.map(\.text)
    #expect(texts.contains("media-service-2: the connection to the speech service is lost: transport close"))
    #expect(texts.contains("media-service-2: the circuit breaker is open after 5 failures"))
  }

  @Test func `a restart of one worker leaves the other as it is`() {
    var script = Self.described()
    script.signals(1, Self.figures(5))
    script.signals(1.1, Self.figures(9, breaker: 1), of: Self.second)
    script.signals(2, Self.figures(6))
    script.signals(2.1, Self.figures(0), resets: [.fragmentsSent], of: Self.second)
    let state = script.state()
    #expect(state.restartedAt == nil)
    #expect(state.showing(WorkerLane(Self.second)).restartedAt == RunInstant(seconds: 2.1))
  }

  private static func streams(_ values: [(String, Double, Double)]) -> [StreamSignals] {
    values.map { StreamSignals(name: $0, signals: figures(3, inflight: $1, breaker: $2)) }
  }

  private static func several(_ count: Int, inflight: Double) -> [SignalID: SignalValue] {
    [.fragmentsSent: .number(6), .inflightFragments: .number(inflight), .breakerState: .ambiguous(matches: count)]
  }

  @Test func `of several streams the worst breaker is told with its name, and each limit is that of one`() {
    var script = Self.described()
    let first = Self.contract.breakerEncoding.first { $0.state == .open }?.value ?? 1
    script.signals(1, Self.figures(3))
    #expect(script.state().breaker.worstStream == nil)
    for second in stride(from: 2.0, through: 6, by: 1) {
      script.signals(
        second, Self.several(3, inflight: 6), summed: [.inflightFragments: 3],
        streams: Self.streams([("a", 1, 0), ("b", 4, first), ("c", 1, 0)]))
    }
    let state = script.state()
    #expect(state.streamCount == 3)
    #expect(state.breaker.state == .open && state.breaker.worstStream == BreakerTrack.WorstStream(name: "b", count: 1, streams: 3))
    #expect(
      Set(state.alarms.map(\.text)) == [
        "the circuit breaker of stream b is open",
        "stream b of media-service: more fragments are in flight than 3, the limit of the contract",
      ])
    #expect(state.showing(WorkerLane(.mediaService, stream: "a")).breaker.state == .closed)
    #expect(state.showing(WorkerLane(.mediaService, stream: "b")).breaker.state == .open)
    #expect(state.inflightLimit == 9)
  }

  @Test func `a breaker that was closed is not said to be closed once its streams cannot be told apart`() {
    var script = Self.described()
    script.signals(1, Self.figures(3))
    script.signals(2, Self.several(2, inflight: 2))
    let state = script.state()
    #expect(state.breaker.state == nil && state.breaker.lastShown?.value == .closed)
  }

  @Test func `a stream that has ended is gone, and what is left is the worker's own again`() {
    var script = Self.described()
    script.signals(1, Self.several(2, inflight: 2), streams: Self.streams([("a", 1, 0), ("b", 1, 0)]))
    script.signals(2, Self.figures(3))
    let state = script.state()
    #expect(state.workerLanes.count == 1 && state.streamCount == 1 && state.breaker.worstStream == nil)
  }

  @Test func `events of fragments carry their stream's name where there are several`() throws {
    var script = Self.described()
    let sent = FragmentHappening(stage: .sent, streamID: "b", sequenceNumber: 4)
    script.signals(1, Self.figures(3))
    script.told(1.5, .fragment(sent))
    script.signals(2, Self.several(2, inflight: 2), streams: Self.streams([("a", 1, 0), ("b", 1, 0)]))
    script.told(3, .fragment(sent))
    let state = script.state()
    let texts = state.rows.map(\.text).filter { $0.hasPrefix("sent") }
    #expect(texts == ["sent 4", "sent 4 of stream b"])
    #expect(state.showing(WorkerLane(.mediaService, stream: "b")).fragments.counts[.sent] == 1)
    #expect(state.showing(WorkerLane(.mediaService, stream: "a")).fragments.counts[.sent] == nil)
  }

  @Test func `two thousand streams are counted, and the worst of all is found`() {
    var script = Self.described()
    let open = Self.contract.breakerEncoding.first { $0.state == .open }?.value ?? 1
    let streams = (0..<2000).map { index in
      StreamSignals(name: "s\(index)", signals: Self.figures(1, inflight: 1, breaker: index == 1999 ? open : 0))
    }
    script.signals(1, Self.several(2000, inflight: 2000), summed: [.inflightFragments: 2000], streams: streams)
    let state = script.state()
    #expect(state.breaker.worstStream == BreakerTrack.WorstStream(name: "s1999", count: 1, streams: 2000))
    #expect(state.workerLanes.count <= 129)
    #expect(state.alarms.map(\.text) == ["the circuit breaker of stream s1999 is open"])
  }

  @Test func `findings of two endpoints stand beside each other, and end each for itself`() {
    var script = Self.described()
    for (at, service, holds) in [(1.0, ServiceName.mediaService, true), (1.1, Self.second, true), (2, .mediaService, false)] {
      let finding = Finding(id: "metrics-empty", text: "the metrics of \(service) is empty", holds: holds)
      script.add(
        at, SourceID(.metrics, service), .happening(Happening(.finding(finding), service: service, provenance: .inferred)))
    }
    #expect(script.state().alarms.map(\.text) == ["the metrics of media-service-2 is empty"])
  }

  @Test func `what good scrapes show no more is an alarm until they do, and none after a restart`() throws {
    var script = Self.described()
    script.signals(1, Self.figures(5))
    script.signals(2, [.fragmentsSent: .number(6)])
    script.tick(42)
    script.signals(42.5, [.fragmentsSent: .number(7)])
    let alarm = try #require(script.state().alarms.first)
    #expect(alarm.text == "the metrics of media-service no longer have breaker_state, inflight_fragments")
    #expect(alarm.since == RunInstant(seconds: 2))
    script.signals(43, Self.figures(8))
    #expect(script.state().alarms.isEmpty)
    script.signals(44, [.fragmentsSent: .number(0)], resets: [.fragmentsSent])
    #expect(script.state().alarms.isEmpty)
  }

  @Test(arguments: [2, 400]) func `a worker has room beside any number of streams`(streams: Int) {
    var script = Self.described()
    let all = (0..<streams).map { StreamSignals(name: "s\($0)", signals: Self.figures(1)) }
    script.signals(1, Self.several(streams, inflight: Double(streams)), streams: all)
    for round in 2..<6 {
      let other = (0..<streams).map { StreamSignals(name: "r\(round)-\($0)", signals: Self.figures(1)) }
      script.signals(Double(round), Self.several(streams, inflight: Double(streams)), streams: other)
    }
    script.signals(6.5, Self.figures(2), of: Self.second)
    script.told(7, .breaker(BreakerTransition(state: .open)), by: "media-service-3")
    let state = script.state()
    #expect(state.showing(WorkerLane("media-service-3")).breaker.state == .open && state.breaker.state != .open)
    #expect(state.showing(WorkerLane(Self.second)).metrics.number(.fragmentsSent) == 2)
  }

  @Test func `a worker for which there is no room is told of, and changes nobody`() {
    var script = Self.described()
    script.signals(1, Self.figures(5))
    for number in 2...200 { script.told(2, .breaker(BreakerTransition(state: .closed)), by: ServiceName("media-service-\(number)")) }
    script.told(3, .breaker(BreakerTransition(state: .open)), by: "media-service-200")
    script.signals(4, Self.figures(99), of: "media-service-200")
    let state = script.state()
    #expect(state.breaker.state == .closed && state.breaker.entries.isEmpty && state.metrics.number(.fragmentsSent) == 5)
    #expect(state.rows.contains { $0.service == "media-service-200" && $0.text.hasSuffix("open") })
    #expect(state.workerLanes.count <= 65)
  }

  /// Before anything shows that there is a second one, its name does, or what is read of it.
  @Test(
    arguments: [
      (Self.second, []), ("other", [SourceID(.log, .mediaService), SourceID(.log, "other"), SourceID(.metrics, "other")]),
    ] as [(ServiceName, [SourceID])])
  func `what a further worker tells first is its own`(service: ServiceName, sources: [SourceID]) {
    var script = Self.described(sources)
    script.told(1, .sessionOpened(streamID: nil, sessionID: "a", maxInflight: 3))
    script.told(2, .sessionOpened(streamID: nil, sessionID: "b", maxInflight: 7), by: service)
    script.told(3, .speechDisconnected(reason: "transport close"), by: service)
    let state = script.state()
    #expect(state.reconnection.current == nil && state.backpressure.sessionLimit == 3)
    let other = state.showing(WorkerLane(service))
    #expect(other.reconnection.current != nil && other.backpressure.sessionLimit == 7)
  }

  @Test func `what the speech service tells is of no further worker`() {
    var script = Self.described([SourceID(.log, .mediaService), SourceID(.log, .speechService), SourceID(.metrics, .speechService)])
    script.told(1, .fragment(FragmentHappening(stage: .acknowledged, sequenceNumber: 1)), by: .speechService)
    #expect(script.state().workerLanes.count == 1)
  }

  /// The streams of a worker that is read under another name are read there too.
  @Test func `streams of a worker under another name are as old as its own scrapes`() {
    var script = Self.described([SourceID(.metrics, "w"), SourceID(.log, "w")])
    for second in 1...3 {
      script.signals(
        Double(second), Self.several(2, inflight: 2), of: "w", streams: Self.streams([("a", 1, 0), ("b", 1, 0)]))
    }
    script.told(3.5, .fragment(FragmentHappening(stage: .sent, sequenceNumber: 6)), by: "w")
    script.tick(4)
    let state = script.state()
    let stream = state.showing(WorkerLane(.mediaService, stream: "b"))
    #expect(stream.metricsService == "w" && stream.streamCount == 2)
    #expect(stream.metricsStaleSeconds == nil && stream.metrics.number(.fragmentsSent) == 3)
    #expect(state.alarms.isEmpty, "\(state.alarms.map(\.text))")
  }

  @Test func `a sequel keeps the stream's name in its row`() {
    var script = Self.described()
    let failed = FragmentHappening(stage: .failed, fragmentID: "abcdefgh-1", streamID: "b")
    script.signals(1, Self.several(2, inflight: 2), streams: Self.streams([("a", 1, 0), ("b", 1, 0)]))
    script.told(2, .fragment(failed))
    var more = Happening(.fragment(failed), service: .mediaService, provenance: .observed)
    guard case .fragment(var fragment) = more.kind else { return }
    fragment.detail = "TIMEOUT"
    more.kind = .fragment(fragment)
    more.isSequel = true
    script.add(2.1, SourceID(.log, .mediaService), .happening(more))
    let rows = script.state().rows.filter { $0.category == .fragment }.map(\.text)
    #expect(rows.count == 1 && rows.allSatisfy { $0.contains("TIMEOUT") && $0.hasSuffix(" of stream b") }, "\(rows)")
  }
}
