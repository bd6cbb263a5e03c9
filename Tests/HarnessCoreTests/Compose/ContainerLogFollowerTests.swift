import Contracts
import Events
import ProcessGuard
import PrometheusText
import RunModel
import Synchronization
import TestSupport
import Testing

@testable import HarnessCore

@Suite struct ContainerLogFollowerTests {
  private let docker: FakeDocker
  private let guardian = ProcessGuard(executable: nil)

  init() throws { docker = try FakeDocker() }

  /// A log that ends after some lines at first, and repeats the last of them when it is asked again.
  @Test func `a log is followed across a restart, without a loss or a repetition`() async throws {
    try docker.answer("states", "c1 running\n")
    try docker.answer(
      "logs",
      script: #"""
        case "$*" in
          *--since*)
            printf '2026-11-23T00:00:02.5Z two\n2026-11-23T00:00:03Z three\n2026-11-23T00:00:04Z four\n'
            printf '2026-11-23T00:00:02.7Z error line\n' >&2
            exec sleep 600 ;;
          *)
            printf '2026-11-23T00:00:01Z one\n2026-11-23T00:00:02.5Z two\n'
            printf '2026-11-23T00:00:02.7Z error line\n' >&2
            exit 0 ;;
        esac
        """#)
    let (starts, _) = AsyncStream<Void>.makeStream()
    let follower = ContainerLogFollower(
      ContainerNames(role: .mediaService, first: nil), service: "worker", project: "p", docker: docker.cli(guardian), starts: starts,
      retrySeconds: 0.01)
    let collector = Collector()
    await running(follower, collector) {
      #expect(await eventually { collector.lines.contains("four") })
    }
    #expect(collector.lines.filter { $0 != "error line" } == ["one", "two", "three", "four"])
    #expect(collector.lines.filter { $0 == "error line" }.count == 1)
    let asked = docker.calls.first { $0.hasPrefix("logs ") && $0.contains("--since") }
    #expect(asked == "logs --follow --timestamps --since 1795392000.700000000 c1")
    docker.scratch.remove()
  }

  @Test func `a container that ended is read once, and again when it starts`() async throws {
    try docker.answer("states", "c1 exited\n")
    try docker.answer("logs", "2026-11-23T00:00:01Z one\n")
    let (starts, start) = AsyncStream<Void>.makeStream()
    let follower = ContainerLogFollower(
      ContainerNames(role: .mediaService, first: nil), service: "worker", project: "p", docker: docker.cli(guardian), starts: starts,
      retrySeconds: 0.01)
    let collector = Collector()
    await running(follower, collector) {
      #expect(await eventually { docker.calls.filter { $0.hasPrefix("ps ") }.count >= 2 })
      #expect(docker.calls.filter { $0.hasPrefix("logs ") }.count == 1)
      try? docker.answer("logs", "2026-11-23T00:00:01Z one\n2026-11-23T00:00:09Z two\n")
      start.yield()
      #expect(await eventually { collector.lines == ["one", "two"] })
    }
    docker.scratch.remove()
  }

  /// The contract is found when the log has nothing more to say.
  @Test(.timeLimit(.minutes(1))) func `what came before the contract is told when it comes`() async throws {
    try docker.answer("states", "c1 running\n")
    let line = "2026-01-01 00:00:00,000 - media_service.sts.socketio_client - INFO - Socket.IO connected"
    try docker.answer("logs", script: "echo '2026-11-23T00:00:01Z \(line)'; exec sleep 600")
    let (starts, _) = AsyncStream<Void>.makeStream()
    let follower = ContainerLogFollower(
      ContainerNames(role: .mediaService, first: nil), service: "worker", project: "p", docker: docker.cli(guardian), starts: starts,
      retrySeconds: 0.01)
    let collector = Collector()
    await running(follower, collector) {
      #expect(await eventually { collector.lines == [line] })
      #expect(collector.happenings.isEmpty)
      await follower.use(LogFollowerTests.contract)
      #expect(await eventually { collector.happenings.map(\.kind) == [.speechConnected] })
    }
    docker.scratch.remove()
  }

  @Test func `a log that cannot be read says why`() async throws {
    try docker.answer("states", "c1 running\n")
    try docker.answer("logs", errors: "Error response from daemon: configured logging driver does not support reading\n", status: 1)
    let (starts, _) = AsyncStream<Void>.makeStream()
    let follower = ContainerLogFollower(
      ContainerNames(role: .mediaService, first: nil), service: "worker", project: "p", docker: docker.cli(guardian), starts: starts,
      retrySeconds: 0.05)
    let collector = Collector()
    await running(follower, collector) {
      #expect(await eventually { collector.reasons.contains { $0.contains("does not support reading") } })
    }
    #expect(collector.lines.isEmpty)
    docker.scratch.remove()
  }

  @Test func `containers of one service are told apart by their numbers`() async throws {
    try docker.answer("states", "c1 running 1\nc2 running 2\n")
    try docker.answer(
      "logs", script: #"case "$*" in *c1) echo '2026-11-23T00:00:01Z one' ;; *) echo '2026-11-23T00:00:01Z two' ;; esac; exec sleep 600"#)
    let (starts, _) = AsyncStream<Void>.makeStream()
    let follower = ContainerLogFollower(
      ContainerNames(role: .mediaService, first: 1), service: "worker", project: "p", docker: docker.cli(guardian), starts: starts,
      retrySeconds: 0.01)
    let collector = Collector()
    await running(follower, collector) {
      #expect(await eventually { collector.lines.count == 2 })
    }
    let services = Dictionary(collector.logLines.map { ($0.text, $0.service) }) { first, _ in first }
    #expect(services == ["one": .mediaService, "two": "media-service-2"])
    docker.scratch.remove()
  }

  @Test func `a restart is told of the very container of a service that restarted`() async throws {
    let number = #""com.docker.compose.container-number":"2""#
    let die =
      #"{"type":"container","action":"die","service":"worker","id":"c2","time":"2026-11-23T00:00:01Z","attributes":{"exitCode":"1",\#(number)}}"#
    let start =
      #"{"type":"container","action":"start","service":"worker","id":"c2","time":"2026-11-23T00:00:02Z","attributes":{\#(number)}}"#
    try docker.answer("events", [die, start].joined(separator: "\n") + "\n", script: "cat \"$dir/events.out\"; exec sleep 600")
    let names = ContainerNames(role: .mediaService, first: 1)
    let containers = (1...2).map { number in
      ComposeContainer(
        id: "c\(number)", name: "p-worker-\(number)", service: "worker", state: "running",
        labels: ["com.docker.compose.container-number": "\(number)"])
    }
    let watch = ContainerWatch(
      project: "p", containers: containers, roles: { _, number in names.name(number) }, listensToHealth: ["media-service-2"],
      docker: docker.cli(guardian), clock: realClock(), random: { 0 })
    let collector = Collector()
    await running(watch, collector) {
      #expect(await eventually { collector.happenings.count == 2 && collector.health.contains { $0.outcome.isHealthy } })
    }
    #expect(collector.happenings.allSatisfy { $0.service == "media-service-2" })
    #expect(Set(collector.health.map(\.service)) == ["media-service-2"])
    docker.scratch.remove()
  }

  @Test func `engine events become happenings, once, through a broken stream`() async throws {
    let die =
      #"{"type":"container","action":"die","service":"worker","id":"c1","time":"2026-11-23T00:00:01Z","attributes":{"exitCode":"137"}}"#
    let start = #"{"type":"container","action":"start","service":"worker","id":"c1","time":"2026-11-23T00:00:02Z"}"#
    let kill =
      #"{"type":"container","action":"kill","service":"worker","id":"c1","time":"2026-11-23T00:00:01Z","attributes":{"signal":"9"}}"#
    try docker.answer("events", [kill, die].joined(separator: "\n") + "\n")
    let container = ComposeContainer(id: "c1", name: "p-worker-1", service: "worker", state: "running")
    let watch = ContainerWatch(
      project: "p", containers: [container], roles: { _, _ in .mediaService }, listensToHealth: [.mediaService],
      docker: docker.cli(guardian),
      clock: realClock(), random: { 0 })
    let starts = await watch.starts(of: "worker")
    let collector = Collector()
    await running(watch, collector) {
      #expect(await eventually { collector.happenings.count == 1 })
      try? docker.answer("events", [kill, die, start].joined(separator: "\n") + "\n", script: "cat \"$dir/events.out\"; exec sleep 600")
      #expect(await eventually { collector.happenings.count == 2 })
    }
    #expect(
      collector.happenings.map(\.kind) == [
        .lifecycle(.exited(status: 137, reason: "killed by signal 9")),
        .lifecycle(.restarted(evidence: "container started again after it was killed by signal 9")),
      ])
    #expect(collector.happenings.allSatisfy { $0.service == .mediaService && $0.provenance == .observed })
    #expect(collector.happenings.first?.reportedAt == WallTime(epochSeconds: 1_795_392_001 - 0))
    let outcomes = collector.health.map(\.outcome.isHealthy)
    #expect(outcomes.contains(false) && outcomes.last == true)
    var started = false
    for await _ in starts {
      started = true
      break
    }
    #expect(started)
    #expect(docker.calls.contains { $0.hasPrefix("events ") && $0.contains("--since 1795392001.000000000") })
    #expect(docker.calls.contains { $0.contains("--filter event=oom") && !$0.contains("exec") })
    docker.scratch.remove()
  }

  private static func contract(_ name: String, cut: String) -> Contract {
    Contract(
      name: name, summary: "",
      signals: ["a", "b", "c"].map {
        SignalBinding(signal: SignalID("\(name)_\($0)"), title: $0, series: "\(name)_\($0)_total", kind: .counter)
      }, logTemplates: [LogTemplate(happening: cut, pattern: "cut"), LogTemplate(happening: "expected", pattern: "only of \(name)")],
      logFormat: .json, logTimeZone: "UTC")
  }

  private static func line(_ text: String) -> String {
    #"{"timestamp":1767139200,"level":"info","msg":"\#(text)","fragment_id":"f","sequence_number":4}"#
  }

  /// One container has printed when the contract turns out to be another one, and its log has not the name of the follower; the other one
  /// prints only then.
  @Test(.timeLimit(.minutes(1))) func `a container that was silent when the contract changed is heard, and none is heard twice`()
    async throws
  {
    let (wrong, right) = (Self.contract("wrong", cut: "fragment-sent"), Self.contract("right", cut: "fragment-timed-out"))
    try docker.answer("states", "c1 running 1\nc2 running 2\n")
    try docker.answer(
      "logs",
      script: """
        case "$*" in
          *c1) while [ ! -e "$dir/go" ]; do sleep 0.02; done; echo '2026-11-23T00:00:01Z \(Self.line("cut"))' ;;
          *) echo '2026-11-23T00:00:01Z \(Self.line("only of wrong"))'; echo '2026-11-23T00:00:01Z \(Self.line("cut"))' ;;
        esac
        exec sleep 600
        """)
    let (starts, _) = AsyncStream<Void>.makeStream()
    let follower = ContainerLogFollower(
      ContainerNames(role: .mediaService, first: 1), service: "worker", project: "p", docker: docker.cli(guardian), starts: starts,
      retrySeconds: 0.01)
    let collector = Collector()
    let changes = Mutex<[Set<SourceID>]>([])
    let scout = ContractScout(next: collector, choice: .auto([wrong, right])) { news in
      guard case .found(.decided(let contract, _)) = news else { return [] }
      let readAgain = await follower.use(contract)
      changes.withLock { $0.append(readAgain) }
      return readAgain
    }
    func told(_ stage: FragmentHappening.Stage) -> [ServiceName] {
      collector.happenings.filter { if case .fragment(let fragment) = $0.kind { fragment.stage == stage } else { false } }.map(\.service)
    }
    let task = Task { await follower.run(into: scout) }
    #expect(await eventually { told(.sent) == ["media-service-2"] })
    var parser = ExpositionParser()
    let page = ["a", "b", "c"].map { "# TYPE right_\($0)_total counter\nright_\($0)_total 1\n" }.joined()
    let sample = MetricsSample(
      service: .mediaService, scrape: try parser.parse(page, format: .text), signals: [:], latencyMilliseconds: 1, byteCount: 1)
    await scout.emit(.sample(.metrics(sample)), from: SourceID(.metrics, .mediaService))
    #expect(changes.withLock { $0 } == [[], [SourceID(.log, "media-service-2")]])
    #expect(await eventually { told(.timedOut) == ["media-service-2"] })
    try docker.scratch.write("go", "")
    #expect(await eventually { told(.timedOut) == ["media-service-2", .mediaService] })
    #expect(told(.sent) == ["media-service-2"], "what was told before the change, and no more")
    task.cancel()
    await task.value
    docker.scratch.remove()
  }
}
