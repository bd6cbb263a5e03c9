import Foundation
import TestSupport
import Testing

/// `dubwatch run` in a compose project, on a real engine.
extension ComposeLifecycleTests {
  /// A scenario of about twenty seconds: the worker's container is killed and comes back.
  private static func scenario(_ expectation: String) -> String {
    """
    name: killed-worker
    sentence: The worker's container is killed and comes back.
    time_limit_s: 80
    expected_s: 35
    publish: {loop_s: 30}
    needs: {processing_delay_ms: 300, max_inflight: 2}
    steps:
      - {wait: {event: fragment-processed}, within: 40}
      - {inject: container-kill, with: {service: media-service, seconds: 2}}
      - {wait: {event: session-opened}, within: 30}
      - {wait: {event: fragment-processed}, within: 40}
    expectations:
      - \(expectation)
    """
  }

  private func scenarioFile(_ expectation: String) throws -> (folder: Scratch, path: String) {
    let (folder, _) = try file("")
    try folder.write("killed-worker.yaml", Self.scenario(expectation))
    return (folder, folder.file("killed-worker.yaml"))
  }

  private func run(_ path: String, _ project: String, _ more: [String] = []) -> [String] {
    ["run", path, "--env", "compose", "--offline", "--headless", "--project", project] + more
  }

  @Test func `a run in containers is judged, with a container killed in the middle, and nothing is left`() async throws {
    guard let engine = Engine.required() else { return }
    try await makeImage(engine)
    let (folder, path) = try scenarioFile(
      "{id: sent, expect: counter, signal: fragments_sent, at_least: 1, title: something is sent}\n  - {id: opened, expect: events, event: session-opened, at_least: 1, title: a session is opened}"
    )
    defer { folder.remove() }
    let project = name()
    let result = try await engine.dubwatch(run(path, project, ["--junit", folder.file("j.xml")])).result(within: 240)
    #expect(result.status == 0, "\(result)")
    #expect(result.output.contains("session opened, stream test, max in flight 2"), "\(result)")
    #expect(result.output.contains("killed by signal 9") && result.output.contains("fault media-service: container kill"), "\(result)")
    #expect(result.output.contains("PASSED killed-worker"), "\(result)")
    #expect(try #require(folder.text("j.xml")).contains("value=\"compose:\(project)\""))
    #expect(try await engine.left(project).isEmpty)
  }

  @Test func `a run that fails is kept when asked to, and removed as it says`() async throws {
    guard let engine = Engine.required() else { return }
    try await makeImage(engine)
    let (folder, path) = try scenarioFile("{id: well, expect: healthy, title: every health check is good}")
    defer { folder.remove() }
    let project = name()
    let result = try await engine.dubwatch(run(path, project, ["--keep", "on-failure", "--fail-fast"])).result(within: 240)
    #expect(result.status == 1 && result.output.contains("violated     every health check is good"), "\(result)")
    #expect(result.errors.contains("remove: dubwatch env down --project \(project)"), "\(result)")
    #expect(try await !engine.left(project).isEmpty)
    #expect(try await engine.dubwatch(["env", "down", "--project", project]).result(within: 90).status == 0)
    #expect(try await engine.left(project).isEmpty)
  }

  @Test(arguments: [[SIGINT], [SIGINT, SIGINT], [SIGTERM], [SIGKILL]])
  func `a run that is ended in the middle leaves nothing`(signals: [Int32]) async throws {
    guard let engine = Engine.required() else { return }
    try await makeImage(engine)
    let (folder, path) = try scenarioFile("{id: well, expect: healthy, title: every health check is good}")
    defer { folder.remove() }
    let project = name()
    let command = try engine.dubwatch(run(path, project))
    #expect(
      await eventually(within: 60, every: .milliseconds(100)) { command.output.contains("publishes to") },
      "\(command.output)\(command.errors)")
    for signal in signals {
      command.send(signal)
      // The second comes while the project is taken down.
      try await Task.sleep(for: .milliseconds(300))
    }
    let result = await command.result(within: 90)
    #expect(signals == [SIGINT, SIGINT] ? result.status > 0 : result.status == 128 + (signals.first ?? 0), "\(result)")
    #expect(try await eventually(within: 60, every: .milliseconds(100)) { try await engine.left(project).isEmpty })
    let children = {
      try await ChildProgram(["sh", "-c", "ps axww -o args | grep -v grep | grep -- \(project)"]).result(within: 20).output
    }
    #expect(try await eventually(within: 60, every: .milliseconds(100)) { try await children().isEmpty })
  }

  @Test func `a run in what runs already judges by change, and stops nothing`() async throws {
    guard let engine = Engine.required() else { return }
    try await makeImage(engine)
    let project = name()
    let up = try await engine.dubwatch(["env", "up", "--offline", "--project", project]).result(within: 240)
    try #require(up.status == 0, "\(up)")
    let publish = try #require(up.output.split(separator: "\n").first { $0.hasPrefix("publish  ") }?.dropFirst(9))
    let (folder, _) = try file("")
    defer { folder.remove() }
    // The pause comes when a send was counted: the worker sends nothing any more then. The first fragment that is processed may be one of
    // the run before, sent before the second run's first scrape, which on a busy machine left nothing to count.
    let text = """
      name: attached
      sentence: What runs already is judged.
      time_limit_s: 60
      expected_s: 15
      publish: {loop_s: 15}
      steps:
        - {wait: {event: fragment-processed}, within: 40}
        - {wait: {expectation: sent}, within: 40}
        - {inject: backpressure-pause}
        - {wait: {event: backpressure, detail: pause}, within: 20}
      expectations:
        - {id: sent, expect: counter, signal: fragments_sent, at_least: 1, title: something is sent}
        - {id: pauses, expect: counter, signal: backpressure_pause, equals: 1, title: one pause}
      """
    try folder.write("attached.yaml", text)
    let words = [
      "run", folder.file("attached.yaml"), "--env", "attach", "--compose", project, "--publish", String(publish), "--headless", "--repeat",
      "2", "--stream", "live/test/out=" + publish.replacing("/in", with: "/out"),
    ]
    let result = try await engine.dubwatch(words).result(within: 180)
    // The second run's pause is one again, though the counter stands at two.
    #expect(result.status == 0 && result.output.contains("2 of 2 runs passed"), "\(result)")
    #expect(try await engine.left(project).count >= 4)
    #expect(try await engine.dubwatch(["env", "down", "--project", project]).result(within: 90).status == 0)
    #expect(try await engine.left(project).isEmpty)
  }
}
