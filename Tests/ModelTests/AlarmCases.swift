import Events
import MediaSync
import RunModel
import SpeechProtocol
import Testing

/// Every kind of alarm, how it begins and how it ends.
extension AlarmTests {
  /// One kind: what brings it, what it says, and what ends it.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var id: String
    var severity = Alarm.Severity.bad
    var sureness = Alarm.Sureness.observed
    var witness: String
    var since: Double
    var text: String
    var begin: @Sendable (inout Script) -> Void
    var end: @Sendable (inout Script) -> Void
    /// Whether it leaves for good what it brought, so that nothing is taken back.
    var stays = false

    var testDescription: String { name }
  }

  static let output: ServiceName = "live/test/out"

  static let cases: [Case] = [
    Case(
      name: "no answer", id: "service:echo-sts", witness: "health:echo-sts", since: 10,
      text: "echo-sts gives no answer: connection refused ×2, http://localhost/health",
      begin: {
        $0.health(10, .speechService, .unreachable(reason: "connection refused"))
        $0.health(11, .speechService, .unreachable(reason: "connection refused"))
      }, end: { $0.health(20, .speechService, .good) }),
    Case(
      name: "unhealthy", id: "service:echo-sts", witness: "health:echo-sts", since: 10, text: "echo-sts is not healthy: 503 \"outage\"",
      begin: { $0.health(10, .speechService, .unhealthy(status: 503, excerpt: "outage")) }, end: { $0.health(20, .speechService, .good) }),
    Case(
      name: "health not known", id: "service:echo-sts", severity: .warning, witness: "health:echo-sts", since: 10,
      text: "health of echo-sts is not known: says \"REDIS_DOWN\"",
      begin: { $0.health(10, .speechService, .unclear(status: 200, word: "REDIS_DOWN", excerpt: "")) },
      end: { $0.health(20, .speechService, .good) }),
    Case(
      name: "unchecked", id: "unchecked:echo-sts", severity: .warning, witness: "health:echo-sts", since: 2,
      text: "nothing was heard of echo-sts for 9 s", begin: { $0.tick(11) }, end: { $0.health(20, .speechService, .good) }),
    Case(
      name: "ended", id: "service:media-service", witness: "log:media-service", since: 10,
      text: "media-service does not run: ended with status 1: crash",
      begin: { $0.told(10, .lifecycle(.exited(status: 1, reason: "crash"))) }, end: { $0.told(20, .lifecycle(.started)) }),
    Case(
      name: "breaker open", id: "breaker:open", witness: "log:media-service", since: 10,
      text: "the circuit breaker is open after 5 failures",
      begin: { $0.told(10, .breaker(BreakerTransition(state: .open, failureCount: 5))) },
      end: { $0.told(20, .breaker(BreakerTransition(state: .closed))) }),
    Case(
      name: "breaker open, by its gauge", id: "breaker:open", sureness: .inferred, witness: "metrics:media-service", since: 10,
      text: "the circuit breaker is open",
      begin: {
        $0.signals(9, [.breakerState: .number(0)])
        $0.signals(10, [.breakerState: .number(1)])
      }, end: { $0.signals(12, [.breakerState: .number(0)]) }),
    Case(
      name: "breaker half-open", id: "breaker:half-open", severity: .warning, witness: "log:media-service", since: 10,
      text: "the circuit breaker is half-open: the next result decides",
      begin: { $0.told(10, .breaker(BreakerTransition(state: .halfOpen))) },
      end: { $0.told(20, .breaker(BreakerTransition(state: .closed))) }),
    Case(
      name: "connection lost", id: "connection", witness: "log:media-service", since: 10,
      text: "the connection to the speech service is lost: transport close",
      begin: { $0.told(10, .speechDisconnected(reason: "transport close")) },
      end: { $0.told(20, .speechConnected) }),
    Case(
      name: "given up", id: "connection", witness: "log:media-service", since: 10,
      text: "the connection to the speech service is lost; given up after 0 attempts",
      begin: {
        $0.told(10, .speechDisconnected(reason: nil))
        $0.told(30, .reconnectionGaveUp(attempts: 5))
      }, end: { $0.told(40, .sessionOpened(streamID: nil, sessionID: nil, maxInflight: nil)) }),
    Case(
      name: "a pause that lasts", id: "pause", severity: .warning, witness: "log:media-service", since: 10,
      text: "the speech service asks for a pause that is longer than a segment",
      begin: {
        $0.told(10, .backpressure(BackpressureEvent(severity: .high, action: .pause)))
        $0.tick(17)
      }, end: { $0.told(20, .backpressure(BackpressureEvent(severity: .low, action: .none))) }),
    Case(
      name: "in flight above the contract's limit", id: "inflight", sureness: .claimed, witness: "metrics:media-service", since: 10,
      text: "more fragments are in flight than 3, the limit of the contract", begin: { $0.signals(10, [.inflightFragments: .number(4)]) },
      end: { $0.signals(12, [.inflightFragments: .number(3)]) }),
    Case(
      name: "in flight above the session's limit", id: "inflight", sureness: .claimed, witness: "metrics:media-service", since: 10,
      text: "more fragments are in flight than 4, the limit of the session",
      begin: {
        $0.told(3, .sessionOpened(streamID: nil, sessionID: nil, maxInflight: 4))
        $0.signals(10, [.inflightFragments: .number(5)])
      }, end: { $0.signals(12, [.inflightFragments: .number(4)]) }),
    Case(
      name: "output closed", id: "stream:live/test/out", witness: "stream:live/test/out", since: 10,
      text: "live/test/out is closed: end of file",
      begin: {
        $0.stream(3, .opened(StreamFacts()))
        $0.stream(10, .closed(reason: "end of file"))
      }, end: { $0.stream(20, .opened(StreamFacts())) }),
    Case(
      name: "the reader of the output died", id: "stream:live/test/out", severity: .warning, witness: "stream:live/test/out", since: 10,
      text: "live/test/out is closed: ffmpeg was killed",
      begin: {
        $0.stream(3, .opened(StreamFacts()))
        $0.stream(10, .readerLost(reason: "ffmpeg was killed"))
      }, end: { $0.stream(20, .opened(StreamFacts())) }),
    Case(
      name: "output stalled", id: "stream:live/test/out", witness: "stream:live/test/out", since: 8,
      text: "live/test/out stands still: no packets come",
      begin: {
        $0.stream(3, .opened(StreamFacts()))
        $0.stream(10, .stalled(seconds: 2))
      }, end: { $0.stream(20, .resumed(afterSeconds: 12)) }),
    Case(
      name: "output not open although something is published", id: "unopened:live/test/out", witness: "stream:live/test/out", since: 23,
      text: "live/test/out is not open although live/test/in is published: Server returned 404",
      begin: {
        $0.stream(4, failing: "404")
        for second in 4...23 { $0.path(Double(second), "live/test/in", bytes: second * 1000) }
        $0.stream(23, failing: "http://127.0.0.1:1/live/test/out?from=start: Server returned 404")
      }, end: { $0.stream(30, .opened(StreamFacts())) }),
    Case(
      name: "output not open, and nobody tells whether anything is published", id: "stream:live/test/out", severity: .warning,
      witness: "stream:live/test/out", since: 10, text: "live/test/out is not open: 404", begin: { $0.stream(10, failing: "404") },
      end: { $0.stream(20, .opened(StreamFacts())) }),
    Case(
      name: "out of step", id: "sync:timestamps:live/test/out", witness: "stream:live/test/out", since: 12,
      text: "A/V sync of live/test/out, timestamps: 1 of 2 segments within 120 ms, 95 % needed; the last at +200 ms",
      begin: {
        $0.aligned(6, 0, 0.01)
        $0.aligned(12, 1, 0.2)
      }, end: { script in for index in 2...40 { script.aligned(Double(6 * index + 6), index, 0.01) } }),
    Case(
      name: "the last segments out of step", id: "sync:timestamps:live/test/out", witness: "stream:live/test/out", since: 606,
      text: "A/V sync of live/test/out, timestamps: 98 of 101 segments within 120 ms; the last 3 at -200 ms",
      begin: { script in for index in 0...100 { script.aligned(Double(6 * index + 6), index, index > 97 ? -0.2 : 0.01) } },
      end: { $0.aligned(612, 101, 0.01) }),
    Case(
      name: "the service's own claim is out of step", id: "sync:claims:media-service", severity: .warning, sureness: .claimed,
      witness: "metrics:media-service", since: 10,
      text: "A/V sync of media-service, claims: 0 of 1 claims within 120 ms, 95 % needed; the last at +400 ms",
      begin: { $0.signals(10, [.syncClaim: .number(400)]) }, end: { $0.aligned(12, 0, 0.01) }),
    Case(
      name: "publisher failed", id: "publisher:publisher", witness: "publisher:publisher", since: 10,
      text: "publisher failed: connection refused", begin: { $0.publisher(10, .failed(reason: "connection refused")) },
      end: { $0.publisher(20, .started(target: "rtmp://x")) }),
    Case(
      name: "a publisher that sends nothing", id: "path:mediamtx:live/test/in", witness: "media-server:mediamtx", since: 4,
      text: "the publisher of live/test/in sends nothing",
      begin: { script in for second in [3, 4, 9, 10] { script.path(Double(second), "live/test/in", bytes: min(second, 4) * 1000) } },
      end: { $0.path(11, "live/test/in", bytes: 9000) }),
    Case(
      name: "log unreadable", id: "source:log:media-service", severity: .warning, witness: "log:media-service", since: 10,
      text: "log of media-service cannot be read: no such file", begin: { $0.source(10, .log, .mediaService, "no such file") },
      end: { $0.source(20, .log, .mediaService, nil) }),
    Case(
      name: "metrics unreadable", id: "source:metrics:media-service", severity: .warning, witness: "metrics:media-service", since: 10,
      text: "metrics of media-service cannot be read: 500", begin: { $0.source(10, .metrics, .mediaService, "500") },
      end: { $0.source(20, .metrics, .mediaService, nil) }),
    Case(
      name: "a log that lags", id: "lag:log:media-service", severity: .warning, witness: "log:media-service", since: 10,
      text: "reading the log of media-service is behind its writing: 12.3 MB are not read yet",
      begin: { $0.source(10, .log, .mediaService, nil, unread: 12_300_000) }, end: { $0.source(20, .log, .mediaService, nil) }),
    Case(
      name: "a finding", id: "finding:odd", severity: .warning, witness: "log:media-service", since: 10, text: "something is odd",
      begin: { $0.told(10, .finding(Finding(id: "odd", text: "something is odd"))) },
      end: { $0.told(20, .finding(Finding(id: "odd", text: "something is odd", holds: false))) }),
    Case(
      name: "error lines that no template knows", id: "log:media-service", severity: .warning, witness: "log:media-service", since: 10,
      text: "2 error lines that no template knows: OUTPUT PIPELINE ERROR: again",
      begin: {
        $0.error(10, "OUTPUT PIPELINE ERROR: Could not write")
        $0.error(12, "OUTPUT PIPELINE ERROR: again")
      }, end: { $0.told(20, .lifecycle(.started)) }),
    Case(
      name: "the environment failed", id: "environment", witness: "harness:dubwatch", since: 10, text: "the environment failed: no port",
      begin: { $0.own(10, .environment(.failed, reason: "no port")) }, end: { _ in }, stays: true),
  ]
}
