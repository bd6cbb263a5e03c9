import Events
import ProcessGuard
import RunModel
import TestSupport
import Testing

@testable import HarnessCore

/// What is done to containers, against a docker that only says what it is told to.
@Suite struct ContainerMeansTests {
  private static let kinds = [FaultKind.containerStop, .containerKill, .containerPause]
  private let docker: FakeDocker
  private let guardian = ProcessGuard(executable: nil)

  init() throws { docker = try FakeDocker() }

  private var means: ContainerMeans { ContainerMeans(docker: docker.cli(guardian)) { _ in "c1" } }

  /// What docker was asked to do, besides looking.
  private var deeds: [String] { docker.calls.filter { !$0.hasPrefix("inspect ") } }

  /// A container that crashed, or was taken down, is not started by our taking back.
  @Test(arguments: kinds, ["exited", "created", "dead", "restarting", "paused", "removing"])
  func `what does not run is left alone`(_ kind: FaultKind, _ state: String) async throws {
    try docker.answer("inspect", state + "\n")
    let sink = Collector()
    let desk = FaultDesk(clock: realClock(), sink: sink)
    await desk.open([means])
    let error = await #expect(throws: EnvironmentFailure.self) { try await desk.inject(FaultRequest(kind)) }
    #expect(error?.description.contains("its container is \(state)") == true)
    await desk.stop(servicesLiveOn: true)
    #expect(deeds.isEmpty)
    #expect(sink.faults.map(\.phase) == [.failed])
    #expect(sink.faults.first?.detail.contains("its container is \(state)") == true)
    docker.scratch.remove()
  }

  @Test(arguments: kinds) func `what cannot be looked at is left alone`(_ kind: FaultKind) async throws {
    try docker.answer("inspect", errors: "Error: No such object: c1\n", status: 1)
    let error = await #expect(throws: FaultRefusal.self) { try await means.begin(Fault(kind), lease: nil) }
    #expect(error?.description.contains("No such object: c1") == true)
    #expect(deeds.isEmpty)
    docker.scratch.remove()
  }

  @Test(arguments: [
    (FaultKind.containerStop, ["stop --time 5 c1", "start c1"]), (.containerKill, ["kill c1", "start c1"]),
    (.containerPause, ["pause c1", "unpause c1"]),
  ]) func `what runs is disturbed and put back`(_ kind: FaultKind, _ expected: [String]) async throws {
    try docker.answer("inspect", "running\n")
    try await means.begin(Fault(kind), lease: nil)
    try await means.end(Fault(kind))
    #expect(deeds == expected)
    #expect(docker.calls.first == "inspect --format {{.State.Status}} c1", "it is looked first")
    docker.scratch.remove()
  }

  /// Docker may say no although it has done it: that is taken back.
  @Test func `what may have been done is taken back`() async throws {
    try docker.answer("inspect", "running\n")
    try docker.answer("kill", errors: "Error: context deadline exceeded\n", status: 1)
    let desk = FaultDesk(clock: realClock(), sink: Collector())
    await desk.open([means])
    await #expect(throws: EnvironmentFailure.self) { try await desk.inject(FaultRequest(.containerKill)) }
    #expect(await eventually { docker.calls.contains("start c1") })
    docker.scratch.remove()
  }
}
