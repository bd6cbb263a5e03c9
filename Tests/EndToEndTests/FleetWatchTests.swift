import Foundation
import TestSupport
import Testing

/// A fleet behind a real Prometheus, by the real program.
@Suite(.serialized) struct FleetWatchTests {
  private static let prometheus = ["/usr/bin/prometheus", Checkout.path(".prometheus/usr/bin/prometheus")].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Workers, and a Prometheus that scrapes them every second.
  private struct Engine {
    let fleet: Served
    let program: ChildProgram
    let files: Scratch
    let url: String

    init(_ prometheus: String, _ arguments: [String]) async throws {
      files = try Scratch("fleet")
      fleet = try await Served(["fleet", "--sd-file", files.file("workers.json")] + arguments, speed: 20)
      try files.write(
        "prometheus.yml",
        """
        global: {scrape_interval: 1s, scrape_timeout: 500ms}
        scrape_configs:
          - job_name: media-service
            file_sd_configs: [{files: ["\(files.file("workers.json"))"]}]
        """)
      let port = try Loopback.freePort()
      url = "http://127.0.0.1:\(port)"
      program = try ChildProgram(
        prometheus,
        [
          "--config.file=\(files.file("prometheus.yml"))", "--storage.tsdb.path=\(files.file("data"))",
          "--web.listen-address=127.0.0.1:\(port)",
        ])
    }

    /// The fleet as a picture, once it holds all of these.
    func frame(_ texts: [String], _ arguments: [String] = []) async throws -> String {
      try await waitFor("\(texts)", within: 90) { () -> String? in
        let result = await
          (try ChildProgram(
            dubwatchPath, ["frame", "--watch", "--prometheus", url, "--size", "160x40"] + arguments)).result(within: 60)
        return texts.allSatisfy(result.output.contains) ? result.output : nil
      }
    }
  }

  @Test(.timeLimit(.minutes(4)))
  func `a Prometheus shows which workers fail and which went silent`() async throws {
    guard let prometheus = Self.prometheus else { return skip("a fleet behind a Prometheus", "no prometheus: run make setup") }
    let engine = try await Engine(
      prometheus, ["--workers", "20", "--failing", "10%", "--silent", "5%", "--silent-after", "60"])
    let text = try await engine.frame(["20 workers: 1 cannot be scraped", "17 running"])
    let rows = text.split(separator: "\n")
    // The worst first: what cannot be scraped, then the two whose speech service fails.
    let first = try #require(rows.firstIndex { $0.contains("cannot be scraped") && !$0.contains("20 workers") })
    #expect(rows[first + 1].contains("breaker") || rows[first + 1].contains("falls back"), "\(text)")
    let grouped = try await engine.frame(["2 workers", "breaker"], ["--match", #"instance=~"worker-(10|20)""#])
    #expect(!grouped.contains("worker-1 "))
  }

  @Test(arguments: [
    (["--record", "x.mcap", "--json"], "--record is for a worker that is opened on the screen"),
    (["--record", ".", "--plain"], "--record is for a worker that is opened on the screen"),
    (["--record", "."], "--record is for a worker that is opened on the screen"),
    (["--record", "x.mcap"], "each worker that is opened is recorded by itself"),
  ])
  func `a recording of a fleet is a folder, and of what is opened on a screen`(arguments: [String], sentence: String) async throws {
    let program = try ChildProgram(dubwatchPath, ["watch", "--prometheus", "http://127.0.0.1:1"] + arguments)
    let result = await program.result(within: 30)
    #expect(result.status == 2 && result.errors.contains(sentence), "\(result)")
  }

  @Test(.timeLimit(.minutes(2)))
  func `lines and documents tell an engine that is away, and end by a signal`() async throws {
    let port = try Loopback.freePort()
    for (flag, text) in [
      ("--plain", "warning http://127.0.0.1:\(port)/ gave no whole answer: connection refused"), ("--json", #""troubles":["http://127"#),
    ] {
      let program = try ChildProgram(dubwatchPath, ["watch", "--prometheus", "http://127.0.0.1:\(port)", "--no-record", flag])
      _ = try await waitFor(flag, within: 30) { () -> String? in program.output.contains(text) ? text : nil }
      program.send(SIGINT)
      #expect(try await program.exitStatus(within: 20) == 130)
    }
  }
}
