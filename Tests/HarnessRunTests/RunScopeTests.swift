import Contracts
import Events
import HarnessCore
import RunModel
import Testing

@testable import HarnessRun

/// A run ends with the call that began it, however that ends.
@Suite(.timeLimit(.minutes(1))) struct RunScopeTests {
  private struct Trouble: Error {}

  private func setUp(_ driver: any EnvironmentDriver) -> RunSetUp {
    RunSetUp(
      driver: driver, options: HarnessOptions(contract: .fixed(Contract(name: "x", summary: ""), reason: "asked for")),
      clock: ScaledClock(wallOrigin: Host.wallClock()))
  }

  @Test func `what was begun has ended when the work is done`() async throws {
    let services = FakeServices()
    let live = try await withRun(for: .nobody) { _ in
      setUp(services)
    } _: { run in
      #expect(run.rows == nil && !run.ownsServices)
      return run
    }
    #expect(await services.calls.last == .stop)
    #expect(await live.history.progress(after: .max) == nil, "the history is finished")
  }

  @Test func `what was begun has ended when the work fails`() async throws {
    let services = FakeServices()
    await #expect(throws: Trouble.self) {
      try await withRun(for: .lines) { _ in
        setUp(services)
      } _: { run in
        #expect(run.rows != nil)
        throw Trouble()
      }
    }
    #expect(await services.calls.last == .stop)
  }

  @Test func `nothing is begun when the setting up fails`() async throws {
    await #expect(throws: Trouble.self) {
      try await withRun(for: .screen) { _ in
        throw Trouble()
      } _: { _ in
        Issue.record("it was begun")
      }
    }
  }
}
