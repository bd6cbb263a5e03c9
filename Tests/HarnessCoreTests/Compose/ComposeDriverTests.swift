import Events
import Foundation
import ProcessGuard
import RunModel
import TestSupport
import Testing

@testable import HarnessCore

/// The driver against a docker that only says what it is told to.
@Suite struct ComposeDriverTests {
  private let docker: FakeDocker
  private let sink = Collector()
  private let guardian = ProcessGuard(executable: nil)

  init() throws { docker = try FakeDocker() }

  private func driver(
    keep: KeepPolicy = .never, up: Double = 20, services: [ServiceName: ComposeService] = [:], variables: [String: String] = [:],
    imageVariables: [String: String] = [:], buildsAlways: Bool = false
  ) -> ComposeDriver {
    ComposeDriver(
      ComposeProject(
        files: ["a.yml", "b.yml"], name: "dubwatch-t", services: services, variables: variables, imageVariables: imageVariables,
        buildsAlways: buildsAlways),
      docker: docker.cli(guardian), environment: ["TMPDIR": docker.scratch.path],
      limits: ComposeLimits(build: 20, up: up, down: 20, look: 0.02), keep: keep, clock: realClock())
  }

  private func listing(_ port: Int, health: String = "healthy", worker: String = "running") -> String {
    ["mediamtx", "media-service", "echo-sts"].map { service in
      let state = service == "media-service" ? worker : "running"
      let target = service == "mediamtx" ? 9997 : 8000
      return """
        {"ID":"\(service)-id","Name":"dubwatch-t-\(service)-1","Project":"dubwatch-t","Service":"\(service)","State":"\(state)","ExitCode":3,\
        "Health":"\(service == "mediamtx" ? "" : health)","Publishers":[{"URL":"127.0.0.1","TargetPort":\(target),"PublishedPort":\(port),\
        "Protocol":"tcp"}]}
        """
    }.joined(separator: "\n")
  }

  private func server() async throws -> ScriptedServer { try await ScriptedServer { _ in .http("{\"status\":\"ok\"}") } }

  /// A docker on which all is well.
  private func prepare(_ port: Int) throws {
    try docker.answer("config", ComposeRulesTests.file(ComposeRulesTests.three))
    try docker.answer("compose-ps", listing(port))
    for kind in ["ps", "network", "volume"] {
      try docker.answer("left-\(kind)", "one two\n")
      try docker.answer("own-\(kind)", "one two\n")
    }
  }

  private func failure(_ driver: ComposeDriver) async -> EnvironmentFailure? {
    do { _ = try await driver.start(into: sink) } catch { return error }
    return nil
  }

  @Test func `it goes up, gives its endpoints, and goes down with nothing left`() async throws {
    let server = try await server()
    try prepare(server.port)
    let driver = driver()
    let endpoints = try await driver.start(into: sink)
    #expect(endpoints.plans(of: MetricsPlan.self).map(\.target.target.description) == ["http://127.0.0.1:\(server.port)/metrics"])
    #expect(endpoints.plans(of: HealthPlan.self).map(\.service) == [.mediaService, .speechService])
    #expect(endpoints.plans(of: MediaServerPlan.self).count == 1)
    #expect(endpoints.sources.map(\.id.service.text) == ["containers", "echo-sts", "media-service", "mediamtx"])
    await driver.stop()
    #expect(await driver.leftovers.failure == nil)
    let calls = docker.calls
    let up = try #require(calls.first { $0.contains(" up ") })
    #expect(up.hasPrefix("compose --project-name dubwatch-t --file a.yml --file b.yml --file \(docker.scratch.path)/dubwatch-t-"))
    #expect(up.hasSuffix("up --detach --no-build"))
    let down = try #require(calls.firstIndex { $0.contains(" down ") })
    #expect(calls[down] == "compose --project-name dubwatch-t down --volumes --remove-orphans --timeout 5")
    // Verified by label, all three kinds.
    #expect(calls[(down + 1)...].filter { $0.contains("--filter label=com.docker.compose.project=dubwatch-t") }.count == 3)
    #expect(try FileManager.default.contentsOfDirectory(atPath: docker.scratch.path).allSatisfy { !$0.hasSuffix(".json") })
    await driver.stop()
    #expect(docker.calls.filter { $0.contains(" down ") }.count == 1)
    await server.stop()
    docker.scratch.remove()
  }

  @Test func `a project that is there already is neither started over nor taken down`() async throws {
    try prepare(1)
    try docker.scratch.write("is-up", "")
    let driver = driver()
    let failure = await failure(driver)
    #expect(failure?.description.contains("project dubwatch-t is there already, with 2 containers") == true)
    #expect(failure?.description.contains("`dubwatch env down --project dubwatch-t` takes it down") == true)
    await driver.stop()
    #expect(!docker.calls.contains { $0.contains(" create") || $0.contains(" up ") || $0.contains(" down ") || $0.hasPrefix("rm ") })
    docker.scratch.remove()
  }

  @Test func `a project belongs to the invocation that made it`() async throws {
    let server = try await server()
    try prepare(server.port)
    let first = driver()
    _ = try await first.start(into: sink)
    let calls = docker.calls.count
    let second = driver()
    #expect(await failure(second)?.description == "another dubwatch is using project dubwatch-t: choose another --project")
    await second.stop()
    #expect(!docker.calls[calls...].contains { $0.contains(" create") || $0.contains(" down ") })
    await first.stop()
    #expect(await first.leftovers.failure == nil)
    await server.stop()
    docker.scratch.remove()
  }

  @Test func `a service that keeps ending is to blame for those that end with it`() async throws {
    try prepare(1)
    try docker.answer("compose-ps", listing(1, worker: "exited"))
    try docker.answer("inspect", "media-service-id 0 1\necho-sts-id 7 2\nmediamtx-id 0 0\n")
    let failure = await failure(driver())
    #expect(failure?.description.hasPrefix("echo-sts was restarted 7 times, it last ended with status 2") == true, "\(failure as Any)")
    docker.scratch.remove()
  }

  @Test func `what compose leaves behind is removed by hand`() async throws {
    let server = try await server()
    try prepare(server.port)
    let driver = driver()
    _ = try await driver.start(into: sink)
    for kind in ["ps", "network"] { try docker.scratch.write("left-\(kind).stays", "") }
    try docker.answer("down", errors: "network has active endpoints\n", status: 1)
    await driver.stop()
    #expect(docker.calls.contains("rm --force --volumes one two") && docker.calls.contains("network rm one two"))
    #expect(await driver.leftovers.failure == nil)
    await server.stop()
    docker.scratch.remove()
  }

  @Test func `what cannot be removed is said`() async throws {
    let server = try await server()
    try prepare(server.port)
    let driver = driver()
    _ = try await driver.start(into: sink)
    try docker.answer("left-volume", "data\n", script: "exec cat \"$dir/left-volume.out\"")
    try docker.scratch.write("left-volume.stays", "")
    try docker.answer("remove", errors: "volume is in use\n", status: 1, script: "touch \"$dir/left-volume.stays\"")
    await driver.stop()
    #expect(await driver.leftovers.failure?.description.contains("still has 1 volume") == true)
    #expect(await driver.leftovers.failure?.description.hasSuffix("`dubwatch env down --project dubwatch-t` takes it down") == true)
    #expect(sink.happenings.contains { if case .finding(let finding) = $0.kind { finding.text.contains("in use") } else { false } })
    await server.stop()
    docker.scratch.remove()
  }

  @Test func `an unhealthy service is named with its last health output and its last lines`() async throws {
    try prepare(1)
    try docker.answer("compose-ps", listing(1, health: "starting", worker: "exited"))
    try docker.answer(
      "inspect", #"{"Status":"exited","ExitCode":3,"Health":{"Status":"unhealthy","Log":[{"ExitCode":1,"Output":"refused"}]}}"#)
    try docker.answer(
      "tail", "2026-11-23T00:00:01.1Z first\n2026-11-23T00:00:03Z third\n", errors: "2026-11-23T00:00:02Z second\n")
    let driver = driver()
    let failure = try #require(await failure(driver))
    #expect(failure.description == "media-service ended with status 3: its health check last said \"refused\" (status 1)")
    #expect(failure.details == ["first", "second", "third"] && sink.lines == failure.details)
    await driver.stop()
    #expect(docker.calls.contains { $0.contains(" down ") })
    docker.scratch.remove()
  }

  @Test func `a word that is not known is no readiness`() async throws {
    let server = try await ScriptedServer { _ in .http("{\"status\":\"WARMING\"}") }
    try prepare(server.port)
    let driver = driver(up: 1)
    let failure = try #require(await failure(driver))
    #expect(failure.description.contains("\"WARMING\", which is not known to be good"), "\(failure.description)")
    await driver.stop()
    await server.stop()
    docker.scratch.remove()
  }

  @Test func `a service that never answers is named when time is up`() async throws {
    try prepare(1)
    let driver = driver(up: 0.5)
    let failure = try #require(await failure(driver))
    #expect(failure.description.contains("mediamtx does not answer http://127.0.0.1:1/v3/paths/list"), "\(failure)")
    await driver.stop()
    docker.scratch.remove()
  }

  @Test func `compose's own failure names the service too`() async throws {
    try prepare(1)
    try docker.answer("up", errors: "dependency failed to start: container dubwatch-t-media-service-1 exited (3)\n", status: 1)
    try docker.answer("compose-ps", listing(1, worker: "exited"))
    let failure = try #require(await failure(driver()))
    #expect(failure.description.hasPrefix("media-service ended with status 3"))
    docker.scratch.remove()
  }

  @Test func `a port that is taken is named, with what to do`() async throws {
    let server = try await server()
    try prepare(server.port)
    try docker.answer("up", errors: "Error response from daemon: Bind for 0.0.0.0:8000 failed: port is already allocated\n", status: 1)
    #expect(await failure(driver())?.description.contains("the port 0.0.0.0:8000 is in use on this machine") == true)
    await server.stop()
    docker.scratch.remove()
  }

  @Test func `a project that is not ours is never touched`() async throws {
    try prepare(1)
    try docker.scratch.write("is-up", "")
    try docker.answer("own-volume", "")
    let driver = driver()
    #expect(await failure(driver)?.description.contains("exists already (it has a volume)") == true)
    await driver.stop()
    #expect(!docker.calls.contains { $0.contains(" down ") || $0.contains(" create") || $0.contains("rm ") })
    docker.scratch.remove()
  }

  @Test func `an image of the user is pulled, never built under its name`() async throws {
    try prepare(1)
    try docker.answer("image", status: 1)
    try docker.answer("pull", errors: "manifest unknown\n", status: 1)
    let driver = driver(
      variables: ["MEDIA_SERVICE_IMAGE": "real:1"], imageVariables: ["MEDIA_SERVICE_IMAGE": "media-service", "ECHO_STS_IMAGE": "echo-sts"])
    #expect(await failure(driver)?.description.contains("MEDIA_SERVICE_IMAGE names the image real:1") == true)
    #expect(!docker.calls.contains { $0.contains(" create") } && docker.calls.contains("pull --quiet real:1"))
    await driver.stop()
    docker.scratch.remove()
  }

  @Test func `what is built is built each time, but for a service whose image is given`() async throws {
    let server = try await server()
    try prepare(server.port)
    let listed = ComposeRulesTests.three.map { "\"\($0)\":{\"image\":\"i\",\"build\":{\"context\":\".\"},\"networks\":{\"n\":null}}" }
    try docker.answer("config", "{\"services\":{\(listed.joined(separator: ","))}}")
    let driver = driver(
      variables: ["MEDIA_SERVICE_IMAGE": "real:1"], imageVariables: ["MEDIA_SERVICE_IMAGE": "media-service"], buildsAlways: true)
    _ = try await driver.start(into: sink)
    await driver.stop()
    let build = try #require(docker.calls.first { $0.contains(" build ") })
    #expect(build.hasSuffix(" build echo-sts mediamtx") && !docker.calls.contains { $0.hasPrefix("pull") })
    await server.stop()
    docker.scratch.remove()
  }

  @Test(arguments: [(KeepPolicy.always, false, true), (.onFailure, false, false), (.onFailure, true, true), (.never, true, false)])
  func `a project is kept as asked for`(keep: KeepPolicy, fails: Bool, isKept: Bool) async throws {
    let server = try await server()
    try prepare(server.port)
    let driver = driver(keep: keep)
    _ = try await driver.start(into: sink)
    if fails { await driver.noteFailure() }
    await driver.stop()
    #expect(docker.calls.contains { $0.contains(" down ") } != isKept)
    #expect(await driver.leftovers.advice.contains { $0.contains("dubwatch env down --project dubwatch-t") } == isKept)
    await server.stop()
    docker.scratch.remove()
  }

  @Test func `a stop in the middle of a start ends it and takes everything down`() async throws {
    try prepare(1)
    try docker.answer("up", script: "sleep 600")
    let driver = driver(up: 600)
    async let failed = failure(driver)
    #expect(await eventually { docker.calls.contains { $0.contains(" up ") } })
    await driver.stop()
    #expect(await failed != nil)
    #expect(docker.calls.contains { $0.contains(" down ") })
    docker.scratch.remove()
  }

  @Test func `faults of containers have a begin and an end`() async throws {
    let server = try await server()
    try prepare(server.port)
    try docker.answer("inspect", "running\n")
    let driver = driver()
    _ = try await driver.start(into: sink)
    let desk = FaultDesk(clock: realClock(), sink: sink)
    await desk.open(await driver.faultMeans)
    #expect(await desk.menu.map(\.id).contains("container-pause:echo-sts"))
    #expect(await desk.menu.allSatisfy { $0.unavailableReason == nil })
    try await desk.inject(FaultRequest(.containerKill, [.service: "media-service", .seconds: 0.1]))
    #expect(await eventually { docker.calls.contains("start media-service-id") })
    try await desk.inject(FaultRequest("container-pause:echo-sts"))
    try await desk.inject(FaultRequest("container-stop:mediamtx"))
    let error = await #expect(throws: EnvironmentFailure.self) { try await desk.inject(FaultRequest("container-stap:mediamtx")) }
    #expect(error?.description.contains("did you mean \"container-stop:mediamtx\"") == true)
    // As the project goes down: what is frozen is thawed, and nothing is started any more.
    await desk.stop(servicesLiveOn: await driver.servicesLiveOn)
    #expect(!docker.calls.contains("start mediamtx-id"))
    await driver.stop()
    let faults = sink.happenings.compactMap { happening -> String? in
      if case .fault(let fault) = happening.kind { "\(fault.id) \(fault.kind) \(fault.phase.rawValue)" } else { nil }
    }
    #expect(
      Set(faults) == [
        "1 container kill began", "1 container kill ended", "2 container pause began", "2 container pause ended", "3 container stop began",
        "3 container stop ended", "4 container-stap:mediamtx failed",
      ])
    for call in ["kill media-service-id", "pause echo-sts-id", "unpause echo-sts-id", "stop --time 5 mediamtx-id"] {
      #expect(docker.calls.contains(call), "\(call)")
    }
    await server.stop()
    docker.scratch.remove()
  }
}
