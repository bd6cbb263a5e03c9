import Events
import HarnessCore
import ProcessGuard
import RunModel
import Testing

@testable import HarnessRun

/// What a scenario asks of services, whoever runs them.
@Suite struct ScenarioDriverTests {
  private func driver(_ base: FakeServices, isShared: Bool) -> ScenarioDriver {
    ScenarioDriver(
      base, publishTo: nil, isPublishedOnce: true, isShared: isShared,
      fixture: FixtureLocator(environment: [:], workingDirectory: "/", executable: nil), clock: ScaledClock(wallOrigin: Host.wallClock()),
      processGuard: ProcessGuard(executable: nil))
  }

  @Test func `services of its own are started and stopped`() async throws {
    let services = FakeServices()
    let scenario = driver(services, isShared: false)
    _ = try await scenario.start(into: NoSink())
    await scenario.noteFailure()
    await scenario.stop()
    #expect(await services.calls == [.start, .noteFailure, .stop])
    #expect(await scenario.leftovers == EnvironmentLeftovers(advice: ["it still runs"]))
  }

  @Test func `shared services are started once, and stopped by whoever shares them`() async throws {
    let services = FakeServices()
    for _ in 0..<2 {
      let scenario = driver(services, isShared: true)
      _ = try await scenario.start(into: NoSink())
      await scenario.stop()
      #expect(await scenario.leftovers == EnvironmentLeftovers(), "told when all scenarios are over")
    }
    #expect(await services.calls == [.start, .startedAgain])
  }

  @Test func `a start that fails leaves its last lines`() async throws {
    let scenario = driver(FakeServices(failure: EnvironmentFailure("no port", details: ["bind: in use"])), isShared: true)
    await #expect(throws: EnvironmentFailure.self) { _ = try await scenario.start(into: NoSink()) }
    #expect(await scenario.leftovers == EnvironmentLeftovers(lastLines: ["bind: in use"]))
  }

  @Test(
    arguments: [
      (HealthOutcome.healthy(status: 200, word: "ok", excerpt: ""), nil), (.unhealthy(status: 503, excerpt: "down"), "503 down"),
      (
        .unclear(status: 200, word: "REDIS_DOWN", excerpt: "{}"),
        "it says \"REDIS_DOWN\", which is not known to be good (good_words of the contract)"
      ),
      (.unreachable(reason: "connection refused"), "connection refused"), (.unasked(reason: "no descriptors"), "no descriptors"),
    ] as [(HealthOutcome, String?)])
  func `only a good word opens the gate`(outcome: HealthOutcome, trouble: String?) { #expect(ScenarioDriver.trouble(outcome) == trouble) }

  private struct NoSink: EventSink {
    func emit(_ event: RunEvent, from source: SourceID) async {}
  }
}
