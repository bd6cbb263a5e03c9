import Foundation
import TestSupport
import Testing

/// A Docker engine for the tests: this machine's, or one of their own.
struct Engine: Sendable {
  /// Variables with which docker reaches it.
  let environment: [String: String]
  /// What a command needs in front to reach published ports.
  let enter: [String]
  private let folder: String

  /// The engine of the running suite; nil when there is none to be had.
  @TaskLocal static var current: Engine?

  /// The engine, or nil after saying that the test is skipped: not every machine can have one, CI neither.
  static func required() -> Engine? {
    if current == nil { skip("compose", "no Docker engine, see above", failsInCI: false) }
    return current
  }

  /// Whether the tests started it themselves.
  var isOwn: Bool { !enter.isEmpty }

  private static var script: String { Checkout.path("Tests/Support/engine.sh") }

  /// Gets an engine; nil, with the reason on standard error, when there is none.
  static func start() async throws -> Engine? {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dubwatch-engine-\(UUID().uuidString.prefix(8))").path
    let result = try await ChildProgram(["bash", script, "start", folder]).result(within: 180)
    guard result.status == 0 else {
      let why = result.errors.split(separator: "\n").last.map(String.init) ?? "engine.sh ended with status \(result.status)"
      FileHandle.standardError.write(Data("SKIPPED: every test of the compose environment: \(why)\n".utf8))
      try? FileManager.default.removeItem(atPath: folder)
      return nil
    }
    let lines = { (name: String) in
      ((try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }
    var environment: [String: String] = [:]
    for line in lines("env") {
      let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { environment[parts[0]] = parts[1] }
    }
    return Engine(environment: environment, enter: lines("enter"), folder: folder)
  }

  func stop() async throws {
    // The image is only of use to these tests.
    _ = try await docker(["image", "rm", "--force", "dubwatch-offline:local"])
    let result = try await ChildProgram(["bash", Self.script, "stop", folder]).result(within: 60)
    #expect(result.status == 0, "\(result)")
  }

  /// Runs docker to its end.
  @discardableResult
  func docker(_ words: [String], seconds: Double = 60) async throws -> CommandResult {
    try await ChildProgram(["docker"] + words, environment: environment).result(within: seconds)
  }

  /// Starts dubwatch where it reaches published ports.
  func dubwatch(_ words: [String]) throws -> ChildProgram {
    try ChildProgram(enter + [dubwatchPath] + words, environment: environment, directory: Checkout.root)
  }

  /// Starts ffmpeg, which publishes the fixture again and again.
  func publish(to url: String) throws -> ChildProgram {
    let input = [
      "-hide_banner", "-loglevel", "error", "-re", "-stream_loop", "-1", "-i", Checkout.film,
    ]
    return try ChildProgram(enter + ["ffmpeg"] + input + ["-c", "copy", "-f", "mpegts", url], environment: environment)
  }

  /// What is left of a project: identifiers of containers, networks and volumes.
  func left(_ project: String) async throws -> [String] {
    let filter = ["--filter", "label=com.docker.compose.project=\(project)"]
    var found: [String] = []
    for words in [["ps", "--all", "--quiet"], ["network", "ls", "--quiet"], ["volume", "ls", "--quiet"]] {
      let result = try await docker(words + filter)
      #expect(result.status == 0, "\(result)")
      found += result.output.split(separator: "\n").map(String.init)
    }
    return found
  }
}

/// Gives a suite an engine, and takes it away again.
struct EngineScope: SuiteTrait, TestScoping {
  var isRecursive: Bool { false }

  func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
    let before = try await HostNetwork.read()
    guard let engine = try await Engine.start() else { return try await function() }
    do {
      try await Engine.$current.withValue(engine) { try await function() }
    } catch {
      try await engine.stop()
      throw error
    }
    try await engine.stop()
    if engine.isOwn { #expect(try await HostNetwork.read() == before) }
  }
}

extension Trait where Self == EngineScope {
  /// With a Docker engine, where one can be had.
  static var engine: EngineScope { EngineScope() }
}

/// What an engine could change of a machine's network.
struct HostNetwork: Equatable {
  let rules: String
  let links: String
  let forwarding: String?

  static func read() async throws -> HostNetwork {
    let rules = try? await ChildProgram(["sh", "-c", "iptables-save 2>/dev/null | sed 's/\\[.*\\]//; /^#/d'"]).result(within: 20)
    let links = try? await ChildProgram(["sh", "-c", "ls /sys/class/net"]).result(within: 20)
    return HostNetwork(
      rules: rules?.output ?? "", links: links?.output ?? "",
      forwarding: try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_forward", encoding: .utf8))
  }
}
