import Contracts
import Events
import MonitorUI
import RunModel
import TerminalCanvas
import Testing

/// Why the metrics pane shows nothing, in words that are true and whole.
@Suite struct MetricsPaneTests {
  private static let reason = "connection refused: nothing listens at 127.0.0.1 port 1, or a firewall of the machine turns it away"
  private static let sizes = [(160, 48), (120, 40), (100, 30), (80, 24)].map { Size(width: $0.0, height: $0.1) }

  static func run(_ sources: [SourceID], _ fill: (inout Script) -> Void = { _ in }) -> RunState {
    var script = Script()
    var description = RunDescription(
      scenario: nil, environment: "attached", contract: SampleRuns.dataModelContract, contractReason: "asked for",
      services: SampleRuns.services, startedAt: WallTime(epochSeconds: Script.start))
    description.sources = sources
    script.add(0, .harness, .description(description))
    fill(&script)
    script.tick(5)
    return script.state()
  }

  static func failing(_ script: inout Script, _ service: ServiceName, _ reason: String = reason) {
    let standing = SourceStatus.Standing.failing(reason: reason, consecutiveFailures: 3, retryInSeconds: 2)
    script.add(
      1, SourceID(.metrics, service),
      .sourceStatus(SourceStatus(standing: standing, target: "http://127.0.0.1:1/metrics", intervalSeconds: 1)))
  }

  /// What stands in a pane as one sentence, without its frame.
  private static func words(_ run: RunState, _ size: Size, _ pane: Pane = .metrics) -> String {
    let rows = Picture(name: "", run: run, size: size).pane(pane)?.rows() ?? []
    return rows.dropFirst().dropLast().map { $0.dropFirst().dropLast() }.joined(separator: " ").split(separator: " ").joined(separator: " ")
  }

  @Test(arguments: sizes) func `the reason why an endpoint cannot be read shows whole`(_ size: Size) {
    let run = Self.run([SourceID(.metrics, .mediaService)]) { Self.failing(&$0, .mediaService) }
    #expect(Self.words(run, size) == "no metrics of media-service: \(Self.reason)")
  }

  @Test(arguments: sizes) func `only what is read is waited for`(_ size: Size) {
    let health = SourceID(.health, "dead")
    for (sources, words) in [
      ([health], "no metrics endpoint is read: --metrics URL"),
      ([health, SourceID(.metrics, .mediaService)], "waiting for the first scrape of media-service"),
      ([health, SourceID(.metrics, "w2")], "waiting for the first scrape of w2"),
    ] {
      let shown = Self.words(Self.run(sources), size)
      #expect(shown == words, "\(size)")
    }
  }

  @Test func `of an endpoint with another name the trouble is told as well`() {
    let run = Self.run([SourceID(.metrics, "w2")]) { Self.failing(&$0, "w2") }
    #expect(Self.words(run, Size(width: 120, height: 40)) == "no metrics of w2: \(Self.reason)")
  }

  @Test func `what another endpoint shows does not hide that the worker cannot be read`() {
    let run = Self.run([SourceID(.metrics, .mediaService), SourceID(.metrics, .speechService)]) { script in
      Self.failing(&script, .mediaService)
      script.metrics(1, [.speechLatency: .number(0.2)], text: "latency 0.2\n", of: .speechService)
    }
    for size in Self.sizes {
      let shown = Self.words(run, size)
      #expect(shown.hasPrefix("no metrics of media-service: connection refused"), "\(size): \(shown)")
      #expect(shown.contains("sent –"), "\(size): \(shown)")
    }
  }

  @Test func `nothing is said to be claimed yet where nothing is read`() {
    let words = Self.words(Self.run([SourceID(.health, "dead")]), Size(width: 160, height: 48), .sync)
    #expect(words.contains("no metrics endpoint is read") && !words.contains("claims nothing yet"))
  }
}
