import Events
import Foundation
import PrometheusText
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import Export

@Suite struct OpenMetricsTests {
  @Test func `the strict parser of prometheus_client takes every sample`() async throws {
    guard PythonPeer.isAvailable("OpenMetrics", importing: "prometheus_client") else { return }
    let scratch = try Scratch("export")
    let text = try await written("openmetrics")
    try scratch.write("run.om", text)
    let found = try await answer("openmetrics.py", [scratch.file("run.om")])
    let samples = text.split(separator: "\n").count { !$0.hasPrefix("#") }
    #expect(found["samples"]?.intValue == samples && samples > 1000)
    #expect(found["counters"]?.arrayValue?.isEmpty == false)
  }

  private static let programs = ["/usr/bin", Checkout.path(".prometheus/usr/bin")].first { folder in
    ["promtool", "prometheus"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
  }

  @Test func `a Prometheus over its blocks answers with the run's numbers`() async throws {
    guard PythonPeer.isAvailable("blocks of Prometheus", importing: "requests") else { return }
    guard let programs = Self.programs else { return skip("blocks of Prometheus", "no prometheus: run make setup") }
    let scratch = try Scratch("export")
    try scratch.write("run.om", try await written("openmetrics"))
    let run = try ExportedRun(path: recordedRun, keepsScrapes: true)
    let (service, scrapes) = try #require(run.scrapes.max { $0.value.count < $1.value.count })
    let last = try #require(scrapes.last)
    // The series that changed most often.
    let layout = last.scrape.layout
    let indices = (0..<last.scrape.count).filter { index in
      scrapes.allSatisfy { $0.scrape.layout === layout && $0.scrape.values[index].isFinite }
    }
    let index = try #require(
      indices.max { left, right in Set(scrapes.map { $0.scrape.values[left] }).count < Set(scrapes.map { $0.scrape.values[right] }).count })
    let key = layout.key(at: index)
    let labels = key.labels.map { ",\($0.name)=\"\($0.value)\"" }.joined()
    let query = "{__name__=\"\(key.name)\",dubwatch_service=\"\(service.text)\"\(labels)}"
    let start = (run.wall(try #require(scrapes.first).at).epochSeconds).rounded(.up)
    let end = run.wall(last.at).epochSeconds.rounded(.down)
    let port = try Loopback.freePort()
    let found = try await answer(
      "query.py",
      [programs, scratch.file("run.om"), scratch.path, String(port), String(start), String(end), "1", query, "dubwatch_healthy"],
      within: 120)
    let series = try #require(found[0]?.arrayValue)
    try #require(series.count == 1, "\(found)")
    let values = try #require(series[0]["values"]?.arrayValue)
    #expect(values.count == Int(end - start) + 1 && values.count > 10)
    for value in values {
      let time = try #require(value[0]?.doubleValue)
      // Times in blocks are whole milliseconds.
      let newest = try #require(scrapes.last { (run.wall($0.at).epochSeconds * 1000).rounded() <= (time * 1000).rounded() })
      #expect(Double(try #require(value[1]?.stringValue)) == newest.scrape.values[index])
    }
    #expect(found[1]?.arrayValue?.count == run.health.count)
  }
}
