import Events
import Testing
import WireFormats

@testable import HarnessCore

@Suite struct ComposeRulesTests {
  static func file(_ services: [String], network: String = "e2e", extra: String = "") -> String {
    let listed = services.map {
      "\"\($0)\":{\"image\":\"i\",\"networks\":{\"\(network)\":null},\"environment\":{\"METRICS_PORT\":\"9000\"}}"
    }
    return "{\"name\":\"x\",\"services\":{\(listed.joined(separator: ","))}\(extra)}"
  }

  static let three = ["mediamtx", "media-service", "echo-sts"]

  private func project(_ services: [ServiceName: ComposeService] = [:]) -> ComposeProject {
    ComposeProject(files: ["my.yml"], name: "dubwatch-test", services: services)
  }

  private func refusal(_ text: String, _ services: [ServiceName: ComposeService] = [:]) throws -> String? {
    let model = try ComposeModel(parsing: Array(text.utf8))
    do { try model.check(project(services)) } catch { return error.description }
    return nil
  }

  @Test func `three services on one network are accepted, by their names or by a mapping`() throws {
    #expect(try refusal(Self.file(Self.three)) == nil)
    #expect(
      try refusal(Self.file(["my-mtx", "worker", "echo-sts"]), [.mediaServer: .init("my-mtx"), .mediaService: .init("worker")]) == nil)
  }

  @Test func `a service without a mapping is refused in one sentence`() throws {
    let sentence = try #require(try refusal(Self.file(["my-mtx", "media-service", "echo-sts"])))
    #expect(sentence.contains("mediamtx") && sentence.contains("services: {mediamtx: NAME}") && sentence.contains("my-mtx"))
    let mapped = try #require(try refusal(Self.file(Self.three), [.speechService: .init("echo-stt")]))
    #expect(mapped.contains("echo-stt") && mapped.contains("did you mean \"echo-sts\""))
  }

  @Test func `services on different networks are refused`() throws {
    let text = """
      {"services":{"mediamtx":{"networks":{"a":null}},"media-service":{"networks":{"a":null,"b":null}},"echo-sts":{"networks":{"b":null}}}}
      """
    #expect(try refusal(text)?.contains("one network") == true)
    let host = """
      {"services":{"mediamtx":{"network_mode":"host"},"media-service":{"network_mode":"host"},"echo-sts":{"network_mode":"host"}}}
      """
    #expect(try refusal(host) == nil)
  }

  @Test(arguments: ["", "{}", "[]", #"{"services":[]}"#, "no configuration file provided: not found"])
  func `what is no compose model is refused`(text: String) {
    #expect(throws: Problem.self) { try ComposeModel(parsing: Array(text.utf8)) }
  }

  @Test func `everything of the project is labelled, and nothing else`() throws {
    let extra = #","networks":{"e2e":{"name":"x_e2e"},"lan":{"external":true}},"volumes":{"data":{},"old":{"external":{"name":"y"}}}"#
    let model = try ComposeModel(parsing: Array(Self.file(Self.three + ["helper"], extra: extra).utf8))
    let labels = try #require(JSONValue(parsing: Array(model.labels(for: project()).utf8)))
    let worker = labels["services"]?["media-service"]?["labels"]
    #expect(worker?["dubwatch.run"]?.stringValue == "dubwatch-test" && worker?["dubwatch.role"]?.stringValue == "media-service")
    #expect(labels["services"]?["helper"]?["labels"]?["dubwatch.role"] == nil)
    #expect(labels["networks"]?["e2e"]?["labels"]?["dubwatch.run"]?.stringValue == "dubwatch-test" && labels["networks"]?["lan"] == nil)
    #expect(labels["volumes"]?["data"]?["labels"]?["dubwatch.run"]?.stringValue == "dubwatch-test" && labels["volumes"]?["old"] == nil)
  }

  @Test func `project names are unique and valid`() {
    let names = (0..<200).map { _ in ComposeProject.uniqueName() }
    #expect(Set(names).count == 200 && names.allSatisfy { ComposeProject.nameProblem($0) == nil })
    #expect(ComposeProject.uniqueName { 1 } == "dubwatch-9999999999")
    for bad in ["", "-x", "_x", "Xx", "a b", "a;rm", "ä", String(repeating: "a", count: 64)] {
      #expect(ComposeProject.nameProblem(bad) != nil, "\(bad)")
    }
  }

  private func container(
    _ service: String, _ state: String = "running", health: String = "", exit: Int = 0, ports: [ComposeContainer.Publisher] = []
  ) -> ComposeContainer {
    ComposeContainer(id: service, name: service, service: service, state: state, health: health, exitCode: exit, publishers: ports)
  }

  @Test func `readiness is judged container by container`() {
    let all = Self.three.map { container($0) }
    func judge(_ containers: [ComposeContainer]) -> ComposeReadiness { ComposeReadiness.judge(containers, required: Self.three) }
    #expect(judge(all) == .ready)
    #expect(judge(Array(all.dropFirst())) == .waiting(service: "mediamtx", reason: "has no container"))
    #expect(judge(all + [container("init", "exited")]) == .ready)
    #expect(judge(all + [container("init", "exited", exit: 4)]) == .failed(service: "init", reason: "ended with status 4"))
    #expect(judge(Array(all.dropLast()) + [container("echo-sts", "exited")]) == .failed(service: "echo-sts", reason: "ended with status 0"))
    #expect(
      judge(Array(all.dropLast()) + [container("echo-sts", health: "unhealthy")]) == .failed(service: "echo-sts", reason: "is unhealthy"))
    #expect(
      judge(Array(all.dropLast()) + [container("echo-sts", health: "starting")])
        == .waiting(service: "echo-sts", reason: "is not healthy yet"))
    #expect(
      judge(Array(all.dropLast()) + [container("echo-sts", "restarting", exit: 3)])
        == .waiting(service: "echo-sts", reason: "keeps restarting, last with status 3"))
    // Who failed is named before who is only waited for.
    #expect(
      judge([container("a", "created"), container("echo-sts", "dead", exit: 1)])
        == .failed(service: "echo-sts", reason: "ended with status 1"))
  }

  @Test func `a state of docker inspect gives the reasons`() throws {
    let text = """
      {"Status":"exited","OOMKilled":true,"ExitCode":137,"Error":"boom","Health":{"Status":"unhealthy","FailingStreak":2,"Log":[\
      {"ExitCode":0,"Output":"old"},{"ExitCode":1,"Output":"a\\nb: refused ?token=abc\\n"}]}}
      """
    let state = try #require(ContainerState(parsing: Array(text.utf8)))
    #expect(state.reasons == "it ran out of memory; boom; its health check last said \"a / b: refused ?token=***\" (status 1)")
    #expect(ContainerState(parsing: Array("null".utf8)) == nil)
    #expect(ContainerState(parsing: Array(#"{"Status":"running"}"#.utf8))?.reasons == "")
  }

  private func addresses(_ containers: [ComposeContainer], engine: String? = "unix:///x", port: Int? = nil) -> ComposeAddresses {
    let services: [ServiceName: ComposeService] = [.mediaService: ComposeService("worker", port: port, metrics: "m")]
    return ComposeAddresses(
      project: project(services), engine: DockerEngine(version: "1", composeVersion: "2", address: engine), containers: containers,
      environment: ["worker": ["METRICS_PORT": "9100"]])
  }

  @Test func `addresses come from published ports`() {
    let ports: [ComposeContainer.Publisher] = [
      .init(address: "::", targetPort: 9100, publishedPort: 2), .init(address: "0.0.0.0", targetPort: 9100, publishedPort: 1),
      .init(address: "127.0.0.1", targetPort: 8000, publishedPort: 3),
    ]
    let server = container("mediamtx", ports: [.init(address: "127.0.0.1", targetPort: 1935, publishedPort: 5)])
    let all = addresses([container("worker", ports: ports), server])
    #expect(all.health(.mediaService) == "http://127.0.0.1:1/health" && all.metrics(.mediaService) == "http://127.0.0.1:1/m")
    #expect(all.base(.mediaServer) == nil && all.stream("live/test/in") == "rtmp://127.0.0.1:5/live/test/in")
    #expect(all.base(.speechService) == nil && all.role(of: "worker") == .mediaService && all.role(of: "db") == "db")
    #expect(addresses([container("worker", ports: ports)], port: 8000).base(.mediaService) == "http://127.0.0.1:3")
    // Another machine's loopback is not ours.
    let remote = addresses([container("worker", ports: ports)], engine: "ssh://me@build:22")
    #expect(remote.base(.mediaService) == "http://build:1" && remote.hostPort(.mediaService, port: 8000) == nil)
    // The only published port is the one.
    let odd = addresses([container("echo-sts", ports: [.init(address: "10.0.0.7", targetPort: 4242, publishedPort: 9)])])
    #expect(odd.health(.speechService) == "http://10.0.0.7:9/health")
  }

  @Test(arguments: [
    ("unix:///var/run/docker.sock", "127.0.0.1"), ("tcp://127.0.0.1:2375", "127.0.0.1"), ("tcp://build:2376", "build"),
    ("ssh://me@[fe80::1]:22", "[fe80::1]"), ("tcp://localhost:2375", "127.0.0.1"), ("npipe:////./pipe/docker", "127.0.0.1"),
    ("tcp://", "127.0.0.1"),
  ])
  func `published ports are reached where the engine is`(address: String, host: String) {
    #expect(DockerEngine(version: "", composeVersion: "", address: address).publishedHost == host)
  }
}
