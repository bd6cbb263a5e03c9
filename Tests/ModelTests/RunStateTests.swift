import Contracts
import Events
import Foundation
import RunModel
import SpeechProtocol
import Testing

@Suite struct RunStateTests {
  @Test func `health makes a streak`() {
    var script = Script()
    script.health(1, .speechService, .healthy(status: 200, word: "ok", excerpt: ""))
    for second in 2...4 { script.health(Double(second), .speechService, .unhealthy(status: 503, excerpt: "down")) }
    let state = script.state()
    let track = state.service(.speechService)
    #expect(track?.failingStreak == 3)
    #expect(track?.standing(now: state.now, intervalSeconds: 1) == .failing)
    #expect(state.rows.map(\.text) == ["healthy (ok)", "health 503 \"down\""])
    script.health(5, .speechService, .healthy(status: 200, word: nil, excerpt: ""))
    #expect(script.state().service(.speechService)?.failingStreak == 0)
  }

  /// A path that is ready at the first look is told as one that becomes so, also when it comes back.
  @Test func `a path is told whenever it becomes ready`() {
    func path(_ isReady: Bool) -> MediaPath {
      MediaPath(name: "a", isReady: isReady, tracks: [], bytesReceived: 0, bytesSent: 0, readerCount: 0, sourceType: nil)
    }
    var script = Script()
    let looks: [[MediaPath]] = [[path(true)], [path(true)], [], [path(true)], [path(false)], [path(true)], [], [path(false)], [path(true)]]
    for (second, paths) in looks.enumerated() {
      script.add(
        Double(second), SourceID(.mediaServer, .mediaServer),
        .sample(.mediaPaths(MediaPathsSample(service: .mediaServer, paths: paths, latencyMilliseconds: 1))))
    }
    #expect(
      script.state().rows.map(\.text) == [
        "path a is ready", "path a is gone", "path a is ready", "path a is not ready", "path a is ready", "path a is gone",
        "path a is not ready", "path a is ready",
      ])
  }

  @Test(arguments: [(9, 6.0, false), (10, 6.0, true), (10, 5.0, false), (30, 2.0, true), (30, 1.0, false)])
  func `a drift takes ten points over nine segments`(_ count: Int, _ spacing: Double, _ isSaid: Bool) throws {
    let points = (0..<count).map { Timed(Double($0) * spacing / 60 * 3, at: RunInstant(seconds: Double($0) * spacing)) }
    let drift = try #require(SyncSummary(points, thresholdMilliseconds: 120)).driftPerMinute
    #expect((drift != nil) == isSaid)
    if let drift { #expect(abs(drift - 3) < 1e-6) }
  }

  @Test(arguments: [(3.5, ServiceTrack.Standing.healthy), (4.4, .healthy), (4.6, .stale), (400, .stale)])
  func `a check older than three intervals is stale`(_ now: Double, _ standing: ServiceTrack.Standing) {
    var script = Script()
    script.health(1, .speechService, .healthy(status: 200, word: nil, excerpt: ""))
    let track = script.state().service(.speechService)
    #expect(track?.standing(now: RunInstant(seconds: now), intervalSeconds: 1) == standing)
  }

  /// The process says that it is the same: one of the series that were added up has ended.
  @Test func `a sum that loses a series begins nothing again`() throws {
    var script = Script()
    script.signals(1, [.fragmentsSent: .number(1500)])
    script.signals(2, [.fragmentsSent: .number(1502)])
    script.signals(3, [.fragmentsSent: .number(500)], resets: [.fragmentsSent], isSameProcess: true)
    script.signals(5, [.fragmentsSent: .number(502)])
    let state = script.state()
    let track = try #require(state.metrics.signals[.fragmentsSent])
    #expect(track.increase == 4 && track.resetAt == nil)
    #expect(track.meanRate(now: RunInstant(seconds: 5)) == 1)
    #expect(state.rows.map(\.text).contains { $0.contains("fragments_sent ended") && $0.contains("no counter began again") })
  }

  @Test func `counters go on across a restart`() throws {
    var script = Script()
    for (second, value) in [(1.0, 10.0), (2, 12), (3, 3), (4, 4)] { script.signals(second, [.fragmentsSent: .number(value)]) }
    let track = try #require(script.state().metrics.signals[.fragmentsSent])
    #expect(track.increase == 6)
    #expect(track.resetAt == RunInstant(seconds: 3))
    #expect(track.rates.map(\.value) == [2, 3, 1])
    #expect(track.rates.allSatisfy { $0.value >= 0 })
    #expect(track.meanRate(now: RunInstant(seconds: 4)) == 2)
  }

  @Test func `a histograms point is the mean of what is new`() throws {
    func histogram(_ count: Double, _ sum: Double) -> SignalValue {
      .histogram(HistogramValue(upperBounds: [1, .infinity], cumulativeCounts: [count, count], sum: sum, count: count))
    }
    var script = Script()
    for (second, value) in [(1.0, histogram(2, 20)), (2, histogram(3, 50)), (3, histogram(3, 50)), (4, histogram(1, 7))] {
      script.signals(second, [.speechLatency: value])
    }
    let track = try #require(script.state().metrics.signals[.speechLatency])
    #expect(track.points.map(\.value) == [10, 30, 7])
  }

  @Test func `an unsigned claim is marked`() {
    var script = Script()
    script.describe(
      Contract(name: "x", summary: "", signals: [SignalBinding(signal: .syncClaim, title: "", series: "a", kind: .gauge)]))
    script.signals(1, [.syncClaim: .number(464)])
    let sync = script.state().sync
    #expect(sync.claimIsUnsigned)
    #expect(sync.claims.map(\.value) == [464])
  }

  @Test func `a summary is of absolute values but the latest keeps its sign`() throws {
    let points = [10.0, -20, 30, -130].enumerated().map { Timed($1, at: RunInstant(seconds: Double($0) * 6)) }
    let summary = try #require(SyncSummary(points, thresholdMilliseconds: 120))
    #expect(summary.latest == -130)
    #expect(summary.p50 == 20)
    #expect(summary.p95 == 130)
    #expect(summary.max == 130)
    #expect(summary.within == 3)
    #expect(SyncSummary([Timed<Double>](), thresholdMilliseconds: 120) == nil)
  }

  @Test(arguments: [(0.0, 0.0), (10, 0), (-10, 0), (3600, 0)]) func `a skewed log clock is corrected`(_ skew: Double, _ expected: Double)
    throws
  {
    var script = Script()
    for second in 1...20 {
      let line = LogLine(
        service: .mediaService, text: "x", reportedAt: WallTime(epochSeconds: Script.start + Double(second) - 0.1 - skew))
      script.add(Double(second), SourceID(.log, .mediaService), .logLines([line]))
    }
    script.told(21, .breaker(BreakerTransition(state: .open, failureCount: 5)), reportedAt: 20.9 - skew)
    let state = script.state()
    let behind = try #require(state.logClocks[.mediaService]?.behindSeconds)
    #expect(abs(behind - skew - 0.1) < 1e-3)
    let at = try #require(state.breaker.entries.last).at.seconds
    #expect(abs(at - 21) < 0.2)
  }

  @Test func `faults begin and end`() {
    var script = Script()
    script.told(5, .fault(FaultHappening(id: 1, kind: "errors", detail: "x", phase: .began)))
    script.told(6, .fault(FaultHappening(id: 2, kind: "blow", detail: "y", phase: .momentary)))
    script.told(7, .fault(FaultHappening(id: 1, kind: "errors", detail: "x", phase: .ended)))
    script.told(8, .fault(FaultHappening(id: 3, kind: "no", detail: "z", phase: .failed)))
    let faults = script.state().faults
    #expect(faults.map(\.id) == [1, 2])
    #expect(faults.map(\.ended) == [RunInstant(seconds: 7), RunInstant(seconds: 6)])
  }

  @Test func `a dead source is one row`() {
    var script = Script()
    let source = SourceID(.metrics, .mediaService)
    for failures in 1...10 {
      let standing = SourceStatus.Standing.failing(reason: "refused", consecutiveFailures: failures, retryInSeconds: 1)
      script.add(
        Double(failures), source, .sourceStatus(SourceStatus(standing: standing, target: "http://x", intervalSeconds: 1)))
    }
    script.add(11, source, .sourceStatus(SourceStatus(standing: .reading, target: "http://x", intervalSeconds: 1)))
    #expect(script.state().rows.map(\.text) == ["metrics: refused", "metrics can be read again"])
  }

  @Test func `each new reason of a dead source is a row, an old one is not`() {
    var script = Script()
    let source = SourceID(.mediaServer, .mediaServer)
    for (second, reason) in [(1.0, "refused"), (2, "refused"), (3, "HTTP 401"), (4, "refused"), (5, "HTTP 401")] {
      let standing = SourceStatus.Standing.failing(reason: reason, consecutiveFailures: 1, retryInSeconds: 1)
      script.add(second, source, .sourceStatus(SourceStatus(standing: standing, target: "http://x", intervalSeconds: 1)))
    }
    #expect(script.state().rows.map(\.text) == ["media-server: refused", "media-server: HTTP 401"])
    script.add(6, source, .sourceStatus(SourceStatus(standing: .reading, target: "http://x", intervalSeconds: 1)))
    let standing = SourceStatus.Standing.failing(reason: "refused", consecutiveFailures: 1, retryInSeconds: 1)
    script.add(7, source, .sourceStatus(SourceStatus(standing: standing, target: "http://x", intervalSeconds: 1)))
    #expect(script.state().rows.map(\.text).suffix(2) == ["media-server can be read again", "media-server: refused"])
  }

  @Test func `a failing health check is the services row alone`() {
    var script = Script()
    let failing = SourceStatus.Standing.failing(reason: "refused", consecutiveFailures: 1, retryInSeconds: 1)
    script.health(1, .mediaService, .unreachable(reason: "refused"))
    script.add(
      1, SourceID(.health, .mediaService), .sourceStatus(SourceStatus(standing: failing, target: "http://x", intervalSeconds: 1)))
    #expect(script.state().rows.map(\.text) == ["health: refused"])
    #expect(script.state().sources[SourceID(.health, .mediaService)]?.status.standing.isReading == false)
  }

  @Test func `a state survives its encoding`() throws {
    var script = Script()
    script.told(1, .breaker(BreakerTransition(state: .open, trigger: .failure, failureCount: 5)))
    script.told(2, .backpressure(BackpressureEvent(severity: .high, action: .pause)))
    script.told(3, .speechDisconnected(reason: "x"))
    script.told(5, .reconnectionAttempt(ReconnectionAttempt(attempt: 1, success: true)))
    script.told(6, .mark("note"))
    script.add(7, SourceID(.log, .mediaService), .logLines([LogLine(service: .mediaService, text: "line")]))
    script.health(8, .mediaService, .healthy(status: 200, word: "ok", excerpt: "x"))
    let state = script.state()
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(state)
    var copy = try JSONDecoder().decode(RunState.self, from: data)
    let again = try encoder.encode(copy)
    #expect(again == data)
    #expect(copy.rows == state.rows)
    var original = state
    var next = Script()
    next.told(9, .breaker(BreakerTransition(state: .halfOpen)))
    for event in next.events {
      copy.apply(event)
      original.apply(event)
    }
    let both = (try encoder.encode(copy), try encoder.encode(original))
    #expect(both.0 == both.1, "both go on alike")
  }

  @Test func `a day of events stays bounded`() {
    let limits = StateLimits(windowSeconds: 900, points: 500, rows: 1000, logLines: 200)
    var state = RunState(limits: limits)
    var script = Script()
    func flush() {
      for event in script.events { state.apply(event) }
      script = Script()
    }
    // A whole day, every 30 s; the kinds of events that could pile up.
    for second in stride(from: 0.0, to: 86_400, by: 30) {
      let isDown = Int(second) % 60 == 0
      script.health(second, .mediaService, isDown ? .unreachable(reason: "x") : .healthy(status: 200, word: nil, excerpt: ""))
      script.signals(
        second, [.fragmentsSent: .number(second), .breakerState: .number(Double(Int(second / 30) % 3)), .syncClaim: .number(1)])
      script.told(second, .fragment(FragmentHappening(stage: .sent, sequenceNumber: Int(second))))
      script.told(second, .backpressure(BackpressureEvent(severity: .low, action: .none)))
      script.told(second, .speechDisconnected(reason: nil))
      script.told(second + 1, .reconnectionAttempt(ReconnectionAttempt(attempt: 1, success: true)))
      script.told(second + 2, .fault(FaultHappening(id: Int(second), kind: "k", detail: "d", phase: .momentary)))
      script.told(second + 3, .mark("m"))
      script.add(second, SourceID(.log, .mediaService), .logLines([LogLine(service: .mediaService, text: "line")]))
      flush()
    }
    #expect(state.rows.count == 1000)
    #expect(state.logs[.mediaService]?.count == 200)
    #expect(state.faults.count <= 500)
    #expect(state.marks.count <= 1000)
    #expect(state.reconnection.episodes.count <= 50)
    #expect(state.backpressure.entries.count <= 500)
    #expect(state.breaker.entries.count <= 500)
    #expect(state.fragments.outstanding.count <= 64)
    #expect(state.metrics.signals.values.allSatisfy { $0.points.count <= 500 && $0.rates.count <= 500 })
    #expect(state.sync.claims.count <= 31, "only what the window reaches")
    #expect(state.findings.count < 10)
  }
}

@Suite struct ToldTwiceTests {
  private func state(_ told: [(ServiceLifecycle, Happening.Provenance)]) -> RunState {
    var state = RunState()
    for (index, entry) in told.enumerated() {
      state.apply(
        EventEnvelope(
          sequence: UInt64(index), instant: RunInstant(seconds: Double(index)), wall: WallTime(epochSeconds: Double(index)),
          source: .harness, event: .happening(Happening(.lifecycle(entry.0), service: .mediaService, provenance: entry.1))))
    }
    return state
  }

  @Test(
    arguments: [
      ([(.started, .own), (.started, .observed)], ["started"]),
      ([(.started, .observed), (.started, .own)], ["started"]),
      ([(.started, .own), (.started, .observed), (.started, .observed)], ["started", "started"]),
      ([(.started, .observed), (.started, .observed)], ["started", "started"]),
      (
        [(.started, .own), (.exited(status: 1, reason: "crash"), .own), (.started, .own), (.started, .observed)],
        ["started", "ended with status 1: crash", "started"]
      ),
      ([(.exited(status: 1, reason: "a"), .own), (.exited(status: nil, reason: "b"), .observed)], ["ended with status 1: a"]),
    ] as [([(ServiceLifecycle, Happening.Provenance)], [String])])
  func `what two witnesses tell is one row`(_ told: [(ServiceLifecycle, Happening.Provenance)], _ rows: [String]) {
    #expect(state(told).rows.map(\.text) == rows)
  }

  @Test func `a stream is known before it speaks`() {
    var state = RunState()
    let status = SourceStatus(standing: .reading, target: "rtmp://localhost/live/out", intervalSeconds: 1)
    state.apply(
      EventEnvelope(
        sequence: 0, instant: .zero, wall: WallTime(epochSeconds: 0), source: SourceID(.stream, "live/out"), event: .sourceStatus(status)))
    #expect(state.streams.all.map(\.name) == ["live/out"])
    #expect(state.streams["live/out"]?.facts == nil)
  }
}
