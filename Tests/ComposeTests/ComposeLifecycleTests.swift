import Foundation
import TestSupport
import Testing

/// The offline compose profile on a real engine, through everything that can happen to it.
@Suite(.serialized, .engine) struct ComposeLifecycleTests {
  /// A folder with one compose file over the offline image.
  func file(_ text: String) throws -> (folder: Scratch, path: String) {
    let folder = try Scratch("dubwatch-compose")
    try folder.write("compose.yml", text)
    return (folder, folder.file("compose.yml"))
  }

  /// Three services of which the speech service does what the command says.
  private func services(speech: String) -> String {
    """
    services:
      mediamtx: {image: "dubwatch-offline:local", command: [serve, stream-origin, --host, 0.0.0.0, --port, "9997"], ports: ["127.0.0.1:0:9997"]}
      media-service:
        image: dubwatch-offline:local
        command: [serve, media-service]
        environment: {METRICS_HOST: 0.0.0.0, STS_URL: "http://echo-sts:8080"}
        ports: ["127.0.0.1:0:8000"]
        volumes: ["data:/tmp/data"]
      echo-sts:
        image: dubwatch-offline:local
        \(speech)
    volumes: {data: {}}
    """
  }

  func name() -> String { "dubwatch-test-\(UUID().uuidString.prefix(8).lowercased())" }

  /// Makes sure that the offline image is there.
  func makeImage(_ engine: Engine) async throws {
    guard try await engine.docker(["image", "inspect", "dubwatch-offline:local"]).status != 0 else { return }
    let project = name()
    _ = try await engine.dubwatch(["env", "up", "--offline", "--project", project]).result(within: 240)
    let down = try await engine.dubwatch(["env", "down", "--project", project]).result(within: 60)
    #expect(down.status == 0, "\(down)")
  }

  private func url(_ kind: String, _ service: String, _ output: String) -> String? {
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 3, words[0] == kind, words[1] == service { return String(words[2]) }
    }
    return nil
  }

  @Test func `up, watch, kill, restart, down: and nothing is left`() async throws {
    guard let engine = Engine.required() else { return }
    let project = name()
    let up = try await engine.dubwatch(["env", "up", "--offline", "--project", project]).result(within: 240)
    try #require(up.status == 0, "\(up)")
    let health = try #require(url("health", "media-service", up.output))
    #expect(try await engine.dubwatch(["healthcheck", health]).result(within: 20).status == 0)
    let stream = try #require(up.output.split(separator: "\n").first { $0.hasPrefix("publish  http://127.0.0.1:") }?.dropFirst(9))
    let status = try await engine.dubwatch(["env", "status", "--project", project]).result(within: 30)
    #expect(status.status == 0 && status.output.contains("echo-sts") && status.output.contains("(healthy)"), "\(status)")

    // A watch sees what happens to every container, and never stops one.
    let watch = try engine.dubwatch(["watch", "--compose", project, "--plain", "--interval", "0.3"])
    #expect(await eventually(within: 60, every: .milliseconds(100)) { watch.output.contains("healthy") }, "\(watch.output)\(watch.errors)")
    let publisher = try engine.publish(to: String(stream))
    #expect(
      await eventually(within: 60, every: .milliseconds(100)) { watch.output.contains("fragment media-service: processed 0 (success)") },
      "\(watch.output)\(publisher.errors)")
    let worker = "\(project)-media-service-1"
    #expect(try await engine.docker(["kill", worker]).status == 0)
    #expect(await eventually(within: 60, every: .milliseconds(100)) { watch.output.contains("killed by signal 9") }, "\(watch.output)")
    #expect(try await engine.dubwatch(["env", "status"]).result(within: 30).status == 1)
    #expect(try await engine.dubwatch(["healthcheck", health, "--timeout", "1"]).result(within: 20).status == 1)
    #expect(try await engine.docker(["start", worker]).status == 0)
    #expect(
      await eventually(within: 60, every: .milliseconds(100)) {
        watch.output.contains("container started again after it was killed by signal 9")
      }, "\(watch.output)")
    #expect(try await engine.docker(["restart", "--time", "2", "\(project)-echo-sts-1"]).status == 0)
    #expect(
      await eventually(within: 60, every: .milliseconds(100)) { watch.output.contains("container started again after it was stopped") },
      "\(watch.output)")
    #expect(
      try await eventually(within: 60, every: .milliseconds(100)) {
        try await engine.dubwatch(["env", "status"]).result(within: 30).status == 0
      })
    // What was killed takes the stream up again.
    let again = { watch.output.components(separatedBy: "fragment media-service: processed 0 (success)").count > 2 }
    #expect(await eventually(within: 60, every: .milliseconds(100)) { again() }, "\(watch.output)\(publisher.errors)")
    publisher.send(SIGTERM)
    _ = await publisher.result(within: 20)
    watch.send(SIGINT)
    #expect(await watch.result(within: 30).status == 130)
    #expect(try await engine.left(project).count == 4)

    let down = try await engine.dubwatch(["env", "down", "--project", project]).result(within: 90)
    #expect(down.status == 0 && down.output.contains("no container, network or volume is left"), "\(down)")
    #expect(try await engine.left(project).isEmpty)
    #expect(try await engine.dubwatch(["env", "status", "--project", project]).result(within: 30).status == 1)
  }

  @Test func `two at once do not collide`() async throws {
    guard let engine = Engine.required() else { return }
    try await makeImage(engine)
    let commands = try (0..<2).map { _ in try engine.dubwatch(["env", "up", "--offline"]) }
    var projects: Set<String> = []
    for command in commands {
      let result = await command.result(within: 240)
      #expect(result.status == 0, "\(result)")
      for line in result.output.split(separator: "\n") where line.hasPrefix("project  ") { projects.insert(String(line.dropFirst(9))) }
    }
    #expect(projects.count == 2)
    let unclear = try await engine.dubwatch(["env", "down"]).result(within: 30)
    #expect(unclear.status == 2 && unclear.errors.contains("--all"), "\(unclear)")
    let down = try await engine.dubwatch(["env", "down", "--all"]).result(within: 120)
    #expect(down.status == 0, "\(down)")
    for project in projects { #expect(try await engine.left(project).isEmpty) }
  }

  @Test func `a service that ends is named with its last lines, and everything is taken down`() async throws {
    guard let engine = Engine.required() else { return }
    try await makeImage(engine)
    let (folder, path) = try file(services(speech: "command: [serve, echo-sts, --port, \"70000\"]"))
    defer { folder.remove() }
    let project = name()
    let up = try await engine.dubwatch(["env", "up", "--compose-file", path, "--project", project]).result(within: 120)
    #expect(up.status == 3 && up.errors.contains("dubwatch: echo-sts ended with status 2"), "\(up)")
    #expect(up.errors.contains("--port is 70000"), "\(up)")
    #expect(try await engine.left(project).isEmpty)
  }

  @Test func `a service that never gets healthy is named with its health output`() async throws {
    guard let engine = Engine.required() else { return }
    try await makeImage(engine)
    let check = "{test: [CMD, dubwatch, healthcheck, \"http://127.0.0.1:1/\"], interval: 300ms, retries: 3}"
    let (folder, path) = try file(services(speech: "command: [serve, echo-sts]\n    healthcheck: \(check)"))
    defer { folder.remove() }
    let project = name()
    let words = ["env", "up", "--compose-file", path, "--project", project, "--keep", "on-failure"]
    let up = try await engine.dubwatch(words).result(within: 120)
    #expect(up.status == 3 && up.errors.contains("echo-sts is unhealthy") && up.errors.contains("its health check last said"), "\(up)")
    #expect(up.errors.contains("refused"), "\(up)")
    // Kept, with the way to look and to remove; and removed that way.
    #expect(up.errors.contains("dubwatch env down --project \(project)"), "\(up)")
    #expect(try await !engine.left(project).isEmpty)
    #expect(try await engine.dubwatch(["env", "down", "--project", project]).result(within: 90).status == 0)
    #expect(try await engine.left(project).isEmpty)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGKILL])
  func `ended in the middle of a start, nothing is left`(signal: Int32) async throws {
    guard let engine = Engine.required() else { return }
    try await makeImage(engine)
    // Never healthy: the start goes on until it is ended.
    let check = "{test: [CMD, dubwatch, healthcheck, \"http://127.0.0.1:1/\"], interval: 1s, retries: 1000}"
    let (folder, path) = try file(services(speech: "command: [serve, echo-sts]\n    healthcheck: \(check)"))
    defer { folder.remove() }
    let project = name()
    let command = try engine.dubwatch(["env", "up", "--compose-file", path, "--project", project])
    #expect(try await eventually(within: 60, every: .milliseconds(100)) { try await engine.left(project).count >= 4 })
    command.send(signal)
    let result = await command.result(within: 90)
    #expect(result.status == 128 + signal, "\(result)")
    // After KILL the process guard does it, a moment later.
    #expect(try await eventually(within: 60, every: .milliseconds(100)) { try await engine.left(project).isEmpty })
    let children = {
      try await ChildProgram(["sh", "-c", "ps axww -o args | grep -v grep | grep -- \(project)"]).result(within: 20).output
    }
    #expect(try await eventually(within: 60, every: .milliseconds(100)) { try await children().isEmpty })
  }

  @Test func `killed while images and containers are made, nothing is left`() async throws {
    guard let engine = Engine.required() else { return }
    let project = name()
    let command = try engine.dubwatch(["env", "up", "--offline", "--project", project])
    #expect(
      try await eventually(within: 60, every: .milliseconds(100)) {
        try await !engine.left(project).isEmpty || command.errors.contains("starting")
      })
    command.send(SIGKILL)
    _ = await command.result(within: 30)
    #expect(try await eventually(within: 60, every: .milliseconds(100)) { try await engine.left(project).isEmpty })
    // And stays so: what the engine was still making would have come by now.
    try await Task.sleep(for: .seconds(2))
    #expect(try await engine.left(project).isEmpty)
  }

  @Test func `a project of somebody else is neither started over nor taken down`() async throws {
    guard let engine = Engine.required() else { return }
    try await makeImage(engine)
    let (folder, path) = try file(
      "services: {db: {image: \"dubwatch-offline:local\", command: [serve, echo-sts], volumes: [\"data:/d\"]}}\nvolumes: {data: {}}")
    defer { folder.remove() }
    let project = name()
    #expect(try await engine.docker(["compose", "-p", project, "-f", path, "up", "-d"]).status == 0)
    let before = try await engine.left(project)
    let down = try await engine.dubwatch(["env", "down", "--project", project]).result(within: 30)
    #expect(down.status == 1 && down.errors.contains("no project \(project) was brought up by dubwatch"), "\(down)")
    let up = try await engine.dubwatch(["env", "up", "--offline", "--project", project]).result(within: 60)
    #expect(up.status == 3 && up.errors.contains("was not made by dubwatch"), "\(up)")
    #expect(try await engine.left(project) == before)
    #expect(try await engine.docker(["compose", "-p", project, "-f", path, "down", "-v", "-t", "1"]).status == 0)
  }
}
