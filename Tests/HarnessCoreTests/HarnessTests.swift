import Contracts
import Events
import MediaSync
import ProcessGuard
import RunModel
import Synchronization
import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

@Suite struct HarnessTests {
  private func contract(_ name: String, series: String) -> Contract {
    Contract(
      name: name, summary: "", signals: [SignalBinding(signal: .fragmentsSent, title: "sent", series: series, kind: .counter)])
  }

  /// A run over these endpoints, its state as a reader sees it, and its end.
  private func withRun(
    _ plan: WatchPlan, _ choice: ContractChoice, driver: (any EnvironmentDriver)? = nil,
    _ body: (Harness, Collector) async throws -> Void
  ) async throws {
    let clock = realClock()
    let collector = Collector()
    let history = RunHistory(clock: clock, taps: [collector])
    let fetcher = HTTPFetcher()
    let processGuard = ProcessGuard(executable: nil)
    let harness = Harness(
      driver: driver ?? AttachDriver(plan.endpoints), options: HarnessOptions(contract: choice, tickSeconds: 0.1, costSeconds: 0.1),
      clock: clock, history: history, fetcher: fetcher, processGuard: processGuard)
    let run = Task { await harness.run() }
    do { try await body(harness, collector) } catch {
      run.cancel()
      throw error
    }
    let start = ContinuousClock.now
    run.cancel()
    await run.value
    #expect(ContinuousClock.now - start < .seconds(20), "the run took too long to end")
    await fetcher.shutdown()
    await processGuard.shutdown(grace: 0.2)
  }

  @Test(.timeLimit(.minutes(1)))
  func `finds the contract and says so`() async throws {
    let server = try await ScriptedServer { request in
      request.hasPrefix("GET /metrics") ? .http("# TYPE b_sent counter\nb_sent 4\n") : .http(#"{"status":"ok"}"#)
    }
    var plan = WatchPlan(interval: 0.05)
    try plan.add(HealthPlan.self, "worker=\(server.url("/health"))")
    try plan.add(MetricsPlan.self, server.url("/metrics"))
    try await withRun(plan, .auto([contract("a", series: "a_sent"), contract("b", series: "b_sent")])) { harness, collector in
      #expect(await eventually { collector.metrics.contains { $0.signals[.fragmentsSent] == .number(4) } })
      let descriptions = collector.events.compactMap { if case .description(let description) = $0 { description } else { nil } }
      #expect(descriptions.first?.contract.name == "undecided")
      #expect(descriptions.last?.contract.name == "b")
      #expect(descriptions.last?.contractReason.contains("b_sent") == true)
      #expect(descriptions.last?.services == ["worker", "media-service"])
      #expect(await eventually { collector.events.contains { if case .tick = $0 { true } else { false } } })
      #expect(
        await eventually {
          collector.events.contains { if case .sample(.ownCost(let cost)) = $0 { cost.residentBytes > 1 << 20 } else { false } }
        })
      await harness.mark("here")
      #expect(await eventually { collector.happenings.contains { $0.kind == .mark("here") } })
      await #expect(throws: EnvironmentFailure.self) { try await harness.inject("anything") }
      #expect(collector.faults.map(\.phase) == [.failed] && collector.faults.map(\.kind) == ["anything"])
    }
    await server.stop()
  }

  /// A dead source, a hung one and a dripping one delay nothing else, and the run ends in time all the same.
  @Test(.timeLimit(.minutes(1)))
  func `slow sources delay nothing`() async throws {
    let good = try await ScriptedServer { _ in .http(#"{"status":"ok"}"#) }
    let hung = try await ScriptedServer { _ in .raw("", .keep) }
    let drip = try await ScriptedServer { _ in .raw("HTTP/1.1 200 OK\r\n\r\n", .forever([0x20], milliseconds: 10)) }
    let scratch = try Scratch()
    defer { scratch.remove() }
    var plan = WatchPlan(interval: 0.05, timeout: 60)
    try plan.add(HealthPlan.self, "good=\(good.url())")
    try plan.add(HealthPlan.self, "hung=\(hung.url())")
    try plan.add(HealthPlan.self, "drip=\(drip.url())")
    try plan.add(MetricsPlan.self, "worker=\(drip.url())")
    try plan.add(MediaServerPlan.self, "media=\(hung.url())")
    try plan.add(LogFilePlan.self, "log=\(scratch.file("none"))")
    try plan.add(LogCommandPlan.self, "deaf=trap '' TERM; while :; do echo up; sleep 0.1; done")
    try await withRun(plan, .fixed(contract("a", series: "x"), reason: "asked for")) { _, collector in
      #expect(await eventually { collector.health.filter { $0.service == "good" }.count >= 10 && collector.lines.contains("up") })
      #expect(await eventually { hung.connections > 0 && drip.connections > 0 })
    }
    for server in [good, hung, drip] { await server.stop() }
  }

  /// A driver that fails, or hangs, at start or at stop.
  struct BadDriver: EnvironmentDriver {
    let name = "bad"
    let ownsServices = true
    let hangs: Bool
    func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
      if hangs { try? await Task.sleep(for: .seconds(3600)) }
      throw EnvironmentFailure("port 1 is taken")
    }
    func stop() async {}
  }

  @Test(.timeLimit(.minutes(1)))
  func `says why an environment failed`() async throws {
    try await withRun(WatchPlan(), .fixed(contract("a", series: "x"), reason: ""), driver: BadDriver(hangs: false)) { _, collector in
      #expect(await eventually { collector.happenings.contains { $0.kind == .runEnded(reason: "port 1 is taken") } })
      #expect(
        collector.happenings.prefix(2).map(\.kind) == [
          .environment(.starting, reason: nil), .environment(.failed, reason: "port 1 is taken"),
        ])
    }
    try await withRun(WatchPlan(), .fixed(contract("a", series: "x"), reason: ""), driver: BadDriver(hangs: true)) { _, collector in
      #expect(await eventually { collector.happenings.contains { $0.kind == .environment(.starting, reason: nil) } })
    }
  }

  /// An environment whose one fault can be done when it is said so.
  private final class MoodyDriver: EnvironmentDriver, FaultMeans {
    let name = "moody"
    let ownsServices = true
    let kind = FaultKind.Means.speech
    let ability = Mutex(FaultAbility.unable("the container does not run yet"))

    var faultMeans: [any FaultMeans] { [self] }
    func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints { EnvironmentEndpoints() }
    func stop() async {}
    func can(_ fault: Fault) async -> FaultAbility { ability.withLock { $0 } }
    func begin(_ fault: Fault, lease: Double?) async throws {}
    func end(_ fault: Fault) async throws {}
  }

  /// What the menu offers follows what can be done, and so does what is refused; a refusal is in the history.
  @Test(.timeLimit(.minutes(1))) func `the menu is the present one`() async throws {
    let driver = MoodyDriver()
    try await withRun(WatchPlan(), .fixed(contract("a", series: "x"), reason: ""), driver: driver) { harness, collector in
      let reasons = { @Sendable () -> Set<String?>? in
        let menus = collector.events.compactMap { if case .description(let run) = $0 { run.faults } else { nil } }
        return menus.last.map { Set($0.map(\.unavailableReason)) }
      }
      #expect(await eventually { reasons() == ["the container does not run yet"] })
      let early = await #expect(throws: EnvironmentFailure.self) { try await harness.inject("sts-latency") }
      #expect(early?.description == "sts-latency: the container does not run yet")
      driver.ability.withLock { $0 = .able }
      // Whether the menu has been told yet or not.
      try await harness.inject("sts-latency")
      #expect(await eventually { reasons() == [nil] })
      driver.ability.withLock { $0 = .unable("it is gone") }
      await #expect(throws: EnvironmentFailure.self) { try await harness.inject("sts-disconnect") }
      #expect(await eventually { reasons() == ["it is gone"] })
      #expect(collector.faults.map(\.phase) == [.failed, .began, .failed])
      #expect(collector.faults.map(\.detail).first?.hasSuffix("the container does not run yet") == true)
      #expect(collector.faults.map(\.detail).last == "disconnect: it is gone")
    }
  }

  @Test func `plans read what users write`() throws {
    var plan = WatchPlan(credentials: ["*": .bearer("x")])
    try plan.add(HealthPlan.self, "echo-sts=http://h:1/health")
    try plan.add(HealthPlan.self, "http://h:2/health?a=b")
    try plan.add(MetricsPlan.self, "http://h:3/metrics")
    try plan.add(MetricsPlan.self, "other=h:4/metrics")
    try plan.add(MediaServerPlan.self, ":9997")
    try plan.add(LogFilePlan.self, "/var/log/worker.log")
    try plan.add(LogFilePlan.self, "sts=a=b.log")
    try plan.add(LogCommandPlan.self, "mtx=docker logs -f x=y")
    let endpoints = plan.endpoints
    #expect(endpoints.plans(of: HealthPlan.self).map(\.service) == ["echo-sts", "h:2"])
    #expect(endpoints.plans(of: MetricsPlan.self).map(\.service) == ["media-service", "other"])
    #expect(endpoints.plans(of: MediaServerPlan.self).map(\.service) == ["mediamtx"])
    #expect(endpoints.plans(of: LogFilePlan.self).map(\.service) == ["worker", "sts"])
    #expect(endpoints.plans(of: LogFilePlan.self).map(\.path) == ["/var/log/worker.log", "a=b.log"])
    #expect(endpoints.plans(of: LogCommandPlan.self).map(\.command) == ["docker logs -f x=y"])
    #expect(endpoints.plans(of: HealthPlan.self).allSatisfy { $0.target.credentials == .bearer("x") })
    #expect(throws: Problem.self) { try plan.add(HealthPlan.self, "echo-sts=http://h:9/") }
    #expect(throws: Problem.self) { try plan.add(HealthPlan.self, "ftp://h/") }
    #expect(throws: Problem.self) { try plan.add(LogCommandPlan.self, "docker logs") }
    #expect(throws: Problem.self) { try plan.add(LogFilePlan.self, "name=") }
    var defaults = WatchPlan()
    try defaults.addDefaults(
      of: Contract(
        name: "x", summary: "",
        endpoints: [
          Endpoint(service: "a", kind: .health, url: "http://localhost:1/health"),
          Endpoint(service: "a", kind: .metrics, url: "http://localhost:1/metrics"),
          Endpoint(service: "m", kind: .mediaServer, url: "http://localhost:2"),
        ]))
    #expect(defaults.endpoints.services == ["a", "m"])
  }
}
