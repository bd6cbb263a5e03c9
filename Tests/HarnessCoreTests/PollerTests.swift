import Contracts
import Events
import MediaSync
import PrometheusText
import RunModel
import Synchronization
import TestSupport
import Testing

@testable import HarnessCore

@Suite struct PollerTests {
  /// An answer that tests change while a poller asks.
  final class Script: Sendable {
    let reply: Mutex<Reply>
    init(_ reply: Reply) { self.reply = Mutex(reply) }
    func answer(_ reply: Reply) { self.reply.withLock { $0 = reply } }
    var now: Reply { reply.withLock { $0 } }
  }

  static let contract = Contract(
    name: "test", summary: "",
    signals: [
      SignalBinding(signal: .fragmentsSent, title: "sent", series: "sent_total", kind: .counter),
      SignalBinding(signal: .inflightFragments, title: "in flight", series: "inflight", kind: .gauge),
    ])

  @Test(.timeLimit(.minutes(1)))
  func `health goes and comes back`() async throws {
    let collector = Collector()
    let server = try await ScriptedServer { _ in .http(#"{"status":"ok"}"#, type: "application/json") }
    let fetcher = HTTPFetcher()
    let target = PollTarget(
      service: "x", target: try TargetURL("http://u:geheim@127.0.0.1:\(server.port)/health?token=geheim"), interval: 0.05)
    let poller = HealthPoller(target, fetcher: fetcher, clock: realClock())
    try await running(poller, collector) {
      #expect(await eventually { collector.health.count >= 3 })
      #expect(collector.standings == [.reading])
      await server.stop()
      #expect(await eventually { collector.reasons.count >= 2 })
      let again = try await ScriptedServer(port: server.port) { _ in .http("fine") }
      #expect(await eventually { collector.standings.last == .reading })
      await again.stop()
    }
    await fetcher.shutdown()
    #expect(collector.health.first?.outcome == .healthy(status: 200, word: "ok", excerpt: #"{"status":"ok"}"#))
    #expect(collector.health.contains { if case .unreachable = $0.outcome { true } else { false } })
    for text in collector.targets + collector.health.map(\.url) { #expect(!text.contains("geheim"), "\(text)") }
    let failures = collector.standings.compactMap { standing -> Int? in
      if case .failing(_, let count, _) = standing { count } else { nil }
    }
    #expect(failures.starts(with: [1, 2]))
  }

  @Test(.timeLimit(.minutes(1)))
  func `metrics are read resolved and restarts noticed once`() async throws {
    func scrape(_ sent: Int, start: Int) -> Reply {
      .http("# TYPE sent_total counter\nsent_total \(sent)\n# TYPE inflight gauge\ninflight 2\nprocess_start_time_seconds \(start)\n")
    }
    let script = Script(scrape(10, start: 1000))
    let server = try await ScriptedServer { _ in script.now }
    let fetcher = HTTPFetcher()
    let collector = Collector()
    let target = PollTarget(service: "worker", target: try TargetURL(server.url("/metrics")), interval: 0.05)
    let poller = MetricsPoller(target, contract: nil, fetcher: fetcher, clock: realClock())
    await running(poller, collector) {
      #expect(await eventually { collector.metrics.count >= 2 })
      #expect(collector.metrics.first?.signals.isEmpty == true)
      await poller.use(Self.contract)
      #expect(await eventually { collector.metrics.last?.signals[.fragmentsSent] == .number(10) })
      #expect(collector.metrics.last?.processStart == WallTime(epochSeconds: 1000))
      script.answer(scrape(3, start: 2000))
      #expect(await eventually { collector.metrics.last?.signals[.fragmentsSent] == .number(3) })
      let count = collector.metrics.count
      #expect(await eventually { collector.metrics.count >= count + 3 })
      script.answer(.http("# nothing of it can be read\nsent_total{ 4\n"))
      #expect(await eventually { collector.reasons.contains { $0.contains("line 2, column") } })
      script.answer(.http("<html></html>", type: "text/html"))
      #expect(await eventually { collector.reasons.contains { $0.contains("text/html, not metrics") } })
      script.answer(.http("busy", status: "503 Busy"))
      #expect(await eventually { collector.reasons.contains("HTTP 503") })
    }
    await fetcher.shutdown()
    await server.stop()
    #expect(collector.metrics.filter { !$0.resetSignals.isEmpty }.map(\.resetSignals) == [[.fragmentsSent]])
    #expect(
      collector.happenings.map(\.kind) == [.lifecycle(.restarted(evidence: "process_start_time_seconds rose by 1000 s"))])
    #expect(server.connections == 1)
  }

  @Test func `tells resets from restarts`() {
    var watch = RestartWatch()
    func note(_ sent: Double, _ start: Double?) -> ([SignalID], String?) {
      watch.note([.fragmentsSent: .number(sent), .inflightFragments: .number(-sent)], contract: Self.contract, processStart: start)
    }
    #expect(note(5, nil) == ([], nil))
    #expect(note(5, nil) == ([], nil))
    #expect(note(2, nil) == ([.fragmentsSent], "fragments_sent fell from 5 to 2"))
    #expect(note(3, 100) == ([], nil))
    // The process is the same: a stream's series went away.
    #expect(note(0, 100.2) == ([.fragmentsSent], nil))
    #expect(note(9, 100) == ([], nil))
    #expect(note(12, 160) == ([], "process_start_time_seconds rose by 60 s"))
    #expect(note(.nan, 160) == ([], nil))
    #expect(note(11, 160) == ([.fragmentsSent], nil))
  }

  @Test(
    arguments: [
      (
        #"{"itemCount":1,"pageCount":1,"items":[{"name":"live/test/in","ready":true,"tracks":["H264","MPEG-4 Audio"],"bytesReceived":7,"bytesSent":8,"readers":[{}],"source":{"type":"rtmpConn","id":"x"}}]}"#,
        true, 7
      ),
      (
        #"{"itemCount":1,"pageCount":1,"items":[{"name":"live/test/in","ready":false,"available":true,"online":true,"tracks2":[{"codec":"H264"},{"codec":"MPEG-4 Audio"}],"inboundBytes":18446744073709551615,"outboundBytes":8,"readers":[{}],"source":{"type":"rtmpConn"}}]}"#,
        true, UInt64.max
      ),
      // `alwaysAvailable`: a file stands in for a publisher that is gone, and its bytes count as inbound.
      (
        #"{"items":[{"name":"live/test/in","ready":true,"available":true,"online":false,"tracks2":[{"codec":"H264"},{"codec":"MPEG-4 Audio"}],"inboundBytes":7,"outboundBytes":8,"readers":[{}],"source":{"type":"rtmpConn"}}]}"#,
        false, 7
      ),
      (
        #"{"items":[{"name":"live/test/in","readyTime":null,"tracks":["H264","MPEG-4 Audio"],"outboundBytes":8,"bytesReceived":-4,"readers":[1],"source":{"type":"rtmpConn"}},{"no":"name"},3]}"#,
        false, 0
      ),
    ] as [(String, Bool, UInt64)])
  func `reads both generations of fields`(json: String, isReady: Bool, received: UInt64) throws {
    let list = try #require(MediaPathList.parse(Array(json.utf8)))
    var expected = MediaPath(
      name: "live/test/in", isReady: isReady, tracks: ["H264", "MPEG-4 Audio"], bytesReceived: received, bytesSent: 8, readerCount: 1,
      sourceType: "rtmpConn")
    expected.sourceID = json.contains("\"id\":\"x\"") ? "x" : nil
    expected.isSlate = json.contains("\"online\":false")
    #expect(list.paths == [expected])
    #expect(list.pageCount == 1)
  }

  @Test func `a path without a source has no publisher`() throws {
    for flags in [#""ready":true"#, #""available":true,"online":true"#] {
      let list = try #require(MediaPathList.parse(Array("{\"items\":[{\"name\":\"x\",\(flags),\"source\":null}]}".utf8)))
      #expect(list.paths.map(\.isReady) == [false])
    }
  }

  @Test(arguments: ["", "[]", "{}", "null", #"{"items":{}}"#, String(repeating: "[", count: 100_000)])
  func `refuses what is no list`(text: String) { #expect(MediaPathList.parse(Array(text.utf8)) == nil) }

  @Test(.timeLimit(.minutes(1)))
  func `media server reads all pages with authorization`() async throws {
    let server = try await ScriptedServer { request in
      guard request.contains("authorization: Basic") else { return .http("", status: "401 Unauthorized") }
      for page in 0..<3 where request.contains("page=\(page) ") {
        return .http(#"{"pageCount":3,"itemCount":3,"items":[{"name":"p\#(page)","ready":true}]}"#)
      }
      return .http(#"{"pageCount":3,"itemCount":3,"items":[]}"#)
    }
    let fetcher = HTTPFetcher()
    let collector = Collector()
    let target = try TargetURL("http://127.0.0.1:\(server.port)")
    let denied = MediaServerPoller(PollTarget(service: "m", target: target, interval: 0.05), fetcher: fetcher, clock: realClock())
    await running(denied, collector) {
      #expect(await eventually { collector.reasons.contains { $0.hasPrefix("HTTP 401: the API wants credentials") } })
    }
    let allowed = MediaServerPoller(
      PollTarget(service: "m", target: target, credentials: .basic(user: "a", password: "b"), interval: 0.05), fetcher: fetcher,
      clock: realClock())
    await running(allowed, collector) { #expect(await eventually { !collector.media.isEmpty }) }
    #expect(collector.media.first?.paths.map(\.name) == ["p0", "p1", "p2"])
    #expect(server.requests.allSatisfy { $0.hasPrefix("GET /v3/paths/list?itemsPerPage=100&page=") })
    await fetcher.shutdown()
    await server.stop()
  }

  @Test(.timeLimit(.minutes(1)))
  func `says once what the contract promises and the endpoint does not keep`() async throws {
    let worker = Contract(name: "test", summary: "", workerService: "w", signals: Self.contract.signals)
    let script = Script(.http("# TYPE sent_total counter\nsent_total 1\n# TYPE inflight counter\ninflight 1\n"))
    let server = try await ScriptedServer { _ in script.now }
    let fetcher = HTTPFetcher()
    let target = PollTarget(service: "w", target: try TargetURL("http://127.0.0.1:\(server.port)/metrics"), interval: 0.02)
    let poller = MetricsPoller(target, contract: worker, fetcher: fetcher, clock: realClock())
    let collector = Collector()
    func findings() -> [Finding] {
      collector.happenings.compactMap { if case .finding(let finding) = $0.kind { finding } else { nil } }
    }
    await running(poller, collector) {
      #expect(await eventually { collector.metrics.count >= 5 })
      // Only what is still missing after a while is said.
      #expect(await eventually { !findings().isEmpty })
      #expect(findings().map(\.holds) == [true])
      #expect(findings().first?.text.contains("inflight_fragments is promised as gauge inflight: other type, a counter") == true)
      script.answer(.http("# TYPE sent_total counter\nsent_total 2\n# TYPE inflight gauge\ninflight 1\n"))
      #expect(await eventually { findings().map(\.holds) == [true, false] })
    }
    await server.stop()
    await fetcher.shutdown()
  }

  @Test(.timeLimit(.minutes(1)))
  func `an empty page and lines that cannot be read are said, and taken back`() async throws {
    let script = Script(.http("# TYPE sent_total counter\nsent_total 1\ninflight{ 2\n"))
    let server = try await ScriptedServer { _ in script.now }
    let fetcher = HTTPFetcher()
    let target = PollTarget(service: "w", target: try TargetURL("http://127.0.0.1:\(server.port)/metrics"), interval: 0.02)
    let poller = MetricsPoller(target, contract: Self.contract, fetcher: fetcher, clock: realClock())
    let collector = Collector()
    func findings(_ id: String) -> [Finding] {
      collector.happenings.compactMap { if case .finding(let finding) = $0.kind, finding.id == id { finding } else { nil } }
    }
    await running(poller, collector) {
      #expect(await eventually { collector.metrics.count >= 3 })
      #expect(findings("metrics-deviate").map(\.holds) == [true])
      #expect(findings("metrics-deviate").first?.text.contains("1 sample is left out: line 3, column 11") == true)
      #expect(collector.metrics.last?.signals == [.fragmentsSent: .number(1)])
      script.answer(.http(""))
      #expect(await eventually { findings("metrics-deviate").map(\.holds) == [true, false] })
      #expect(findings("metrics-empty").map(\.holds) == [true])
      #expect(findings("metrics-empty").first?.text.contains("the page is empty") == true)
      script.answer(.http("sent_total 2\n"))
      #expect(await eventually { findings("metrics-empty").map(\.holds) == [true, false] })
      script.answer(.http("sent_total x\n"))
      #expect(await eventually { collector.reasons.contains { $0.hasSuffix("sent_total x") } })
    }
    // OpenMetrics is not asked for by name: libraries that find it there answer with it.
    #expect(server.requests.allSatisfy { $0.contains("text/plain;version=0.0.4") && !$0.lowercased().contains("openmetrics") })
    await server.stop()
    await fetcher.shutdown()
  }

  /// That a family is gone is told by its signals; what was never there breaks the contract's promise.
  @Test(.timeLimit(.minutes(1)))
  func `what was shown and is gone is no broken promise`() async throws {
    var contract = Self.contract
    contract.signals.append(SignalBinding(signal: .breakerState, title: "breaker", series: "breaker", kind: .gauge))
    let sent = "# TYPE sent_total counter\nsent_total 4\n"
    let script = Script(.http(sent + "# TYPE inflight gauge\ninflight 2\n"))
    let server = try await ScriptedServer { _ in script.now }
    let fetcher = HTTPFetcher()
    let collector = Collector()
    let poller = MetricsPoller(
      PollTarget(service: .mediaService, target: try TargetURL(server.url("/metrics")), interval: 0.02), contract: contract,
      fetcher: fetcher,
      clock: realClock(speed: 20))
    func findings() -> [Finding] { collector.happenings.compactMap { if case .finding(let finding) = $0.kind { finding } else { nil } } }
    await running(poller, collector) {
      #expect(await eventually { collector.metrics.last?.signals[.inflightFragments] != nil })
      script.answer(.http(sent))
      #expect(await eventually { findings().contains { $0.id == "contract-not-kept" } })
    }
    let text = findings().first { $0.id == "contract-not-kept" }?.text ?? ""
    #expect(text.contains("breaker_state") && !text.contains("more") && !text.contains("inflight"), "\(text)")
    await server.stop()
    await fetcher.shutdown()
  }
}
