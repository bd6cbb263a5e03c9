import Events
import Foundation
import ProcessGuard
import RunModel
import Synchronization
import TestSupport
import Testing

@testable import HarnessCore

/// Keeps the lines of a log.
private final class LineSink: EventSink {
  private let all = Mutex<[String]>([])

  func emit(_ event: RunEvent, from source: SourceID) async {
    guard case .logLines(let lines) = event else { return }
    all.withLock { $0 += lines.map(\.text) }
  }

  var lines: [String] { all.withLock { $0 } }
}

/// Logs of real containers, through restarts.
@Suite(.serialized, .engine) struct RealLogTests {
  @Test func `a log is followed across kills and restarts, without losing or repeating a line`() async throws {
    guard let engine = Engine.required() else { return }
    let project = "dubwatch-test-\(UUID().uuidString.prefix(8).lowercased())"
    let up = try await engine.dubwatch(["env", "up", "--offline", "--project", project]).result(within: 240)
    try #require(up.status == 0, "\(up)")
    let folder = try Scratch("dubwatch-compose")
    defer { folder.remove() }
    let chatty = "\(project)-chatty"
    // Some hundred lines a second, on standard output, and a few on standard error.
    let text = "services: {chatty: {image: \"dubwatch-offline:local\", command: [demo, everything, --plain, --speed, \"20\"]}}\n"
    try folder.write("compose.yml", text)
    #expect(try await engine.docker(["compose", "-p", chatty, "-f", folder.file("compose.yml"), "up", "-d"]).status == 0)

    let processGuard = ProcessGuard(executable: nil)
    let docker = DockerCLI(environment: engine.environment.mapValues { Optional($0) }, processGuard: processGuard)
    let container = ComposeContainer(id: "\(chatty)-chatty-1", name: "\(chatty)-chatty-1", service: "chatty", state: "running")
    let clock = ScaledClock(wallOrigin: WallTime(epochSeconds: Date().timeIntervalSince1970))
    let watch = ContainerWatch(
      project: chatty, containers: [container], roles: { service, _ in ServiceName(service) }, docker: docker, clock: clock)
    let follower = ContainerLogFollower(
      ContainerNames(role: "chatty", first: nil), service: "chatty", project: chatty, docker: docker,
      starts: await watch.starts(of: "chatty"))
    let sink = LineSink()
    let sources = [Task { await watch.run(into: sink) }, Task { await follower.run(into: sink) }]
    let name = "\(chatty)-chatty-1"
    for steps in [[["kill", name], ["start", name]], [["restart", "-t", "1", name]], [["kill", name], ["start", name]], []] {
      let count = sink.lines.count
      #expect(await eventually(within: 60, every: .milliseconds(100)) { sink.lines.count > count + 30 }, "\(steps)")
      for words in steps { #expect(try await engine.docker(words).status == 0) }
    }
    #expect(try await engine.docker(["stop", "-t", "5", name]).status == 0)
    let whole = try await engine.docker(["logs", name])
    let written = (whole.output + whole.errors).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    _ = await eventually(within: 20) { sink.lines.count >= written.filter { !$0.isEmpty }.count }
    for source in sources { source.cancel() }
    for source in sources { await source.value }
    let expected = whole.output.split(separator: "\n").map(String.init)
    let errors = Set(whole.errors.split(separator: "\n").map(String.init))
    let got = sink.lines.filter { !errors.contains($0) && !$0.isEmpty }
    #expect(got.count == expected.count && expected.count > 100, "\(got.count) of \(expected.count) lines")
    #expect(got == expected)
    #expect(try await engine.docker(["compose", "-p", chatty, "-f", folder.file("compose.yml"), "down", "-v", "-t", "1"]).status == 0)
    let down = try await engine.dubwatch(["env", "down", "--project", project]).result(within: 90)
    #expect(down.status == 0, "\(down)")
    #expect(try await engine.left(chatty).isEmpty)
    #expect(try await engine.left(project).isEmpty)
  }
}
