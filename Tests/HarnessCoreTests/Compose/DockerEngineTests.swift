import ProcessGuard
import TestSupport
import Testing

@testable import HarnessCore

@Suite struct DockerEngineTests {
  private func find(_ prepare: (FakeDocker) throws -> Void) async throws -> Result<DockerEngine, EnvironmentFailure> {
    let docker = try FakeDocker()
    defer { docker.scratch.remove() }
    try prepare(docker)
    do { return .success(try await DockerEngine.find(docker.cli(ProcessGuard(executable: nil)))) } catch { return .failure(error) }
  }

  @Test func `an engine and its compose plugin are found`() async throws {
    let engine = try await find { try $0.answer("context", "tcp://build:2376\n") }.get()
    #expect(engine == DockerEngine(version: "20.10.24+dfsg1", composeVersion: "2.31.0", address: "tcp://build:2376"))
    #expect(engine.isRemote)
  }

  @Test(arguments: [
    ("Docker Compose version 5.0.1\n", 0, nil), ("Docker Compose version v2.24.6-desktop.1\n", 0, nil),
    ("docker-compose version 1.29.2, build 5becea4c\n", 0, "version 1.29.2, but 2 or later"),
    ("podman-compose version 1.0.6\npodman version 4.3.1\n", 0, "podman-compose"),
    ("docker: unknown command: docker compose\n\nRun 'docker --help' for more information\n", 1, "no compose plugin"),
    ("hello\n", 0, "does not say its version"), ("", 125, "no compose plugin"),
  ])
  func `a compose that will not do is refused with what to do`(said: String, status: Int, refusal: String?) async throws {
    let result = try await find { try $0.answer("compose-version", said, status: status) }
    switch (result, refusal) {
    case (.success, nil): break
    case (.failure(let failure), let refusal?):
      #expect(failure.description.contains(refusal) && failure.description.contains("https://docs.docker.com"), "\(failure)")
    default: Issue.record("\(result)")
    }
  }

  @Test(arguments: [
    ("{\"Client\":{},\"Server\":null}", "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?", 1, "start it"),
    ("", "permission denied while trying to connect to the Docker daemon socket", 1, "join the group docker"),
    (#"{"Client":{"Version":"4.3.1"},"Server":{"Version":"4.3.1","Components":[{"Name":"Podman Engine"}]}}"#, "", 1, "podman"),
    ("garbage", "", 0, "no Docker engine answers"), ("", "error at tcp://user:geheim@host:1", 1, "error at tcp://host:1"),
  ])
  func `an engine that does not answer is told with what to do`(out: String, errors: String, status: Int, says: String) async throws {
    let result = try await find { try $0.answer("version", out, errors: errors, status: status) }
    guard case .failure(let failure) = result else { return #expect(Bool(false), "\(result)") }
    #expect(failure.description.contains(says) && !failure.description.contains("geheim"), "\(failure)")
  }

  @Test func `without docker the sentence says how to get it`() async throws {
    let docker = DockerCLI(executable: "dubwatch-no-such-docker", processGuard: ProcessGuard(executable: nil))
    let error = await #expect(throws: EnvironmentFailure.self) { try await DockerEngine.find(docker) }
    #expect(error?.description.contains("docker is not installed") == true)
  }

  @Test func `a command that takes too long is ended`() async throws {
    let runner = CommandRunner(processGuard: ProcessGuard(executable: nil))
    let outcome = try await runner.run(ChildRequest("sh", ["-c", "echo out; echo err >&2; sleep 600"]), seconds: 0.5)
    #expect(outcome.isTimedOut && !outcome.isSuccess && outcome.text == "out\n" && outcome.lastLines(3) == ["err"])
  }

  @Test func `a cancelled command is ended`() async throws {
    let guardian = ProcessGuard(executable: nil)
    let task = Task { try await CommandRunner(processGuard: guardian).run(ChildRequest("sleep", ["600"]), seconds: 600) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    let isEnded: Bool
    do { isEnded = try await task.value.exit == .signalled(15) } catch { isEnded = true }
    #expect(isEnded)
  }
}
