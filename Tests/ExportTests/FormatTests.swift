import Events
import Foundation
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import Export

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct FormatTests {
  @Test func `every event is a line of JSON, between the head and the end`() async throws {
    let lines = try await written("jsonl").split(separator: "\n").map { try #require(JSONValue(parsing: Array($0.utf8))) }
    #expect(lines.first?["kind"] == "recording" && lines.first?["scenario"] == "non-retryable-error")
    #expect(lines.last?["kind"] == "end" && lines.last?["is_complete"] == true && lines.last?["missing"] == .null)
    let numbers = lines.dropFirst().dropLast().compactMap { $0["number"]?.stringValue }
    #expect(numbers.count == lines.count - 2)
    #expect(numbers.last == "716" && Set(numbers).count == numbers.count)
    let kinds = Set(lines.compactMap { $0["kind"]?.stringValue })
    #expect(kinds.isSuperset(of: ["happening", "metrics", "health", "log", "verdict", "description", "tick"]))
    #expect(lines.contains { $0["happening"] == "fragment-failed" && $0["text"]?.stringValue?.contains("failed") == true })
    #expect(!lines.contains { $0["event"]?["not_written"] != nil })
  }

  @Test func `a signal is a table with the numbers of the run`() async throws {
    var options = ExportFormat.Options()
    options.signal = "fragments_sent"
    let rows = try await written("csv", recordedRun, options).components(separatedBy: "\r\n")
    #expect(rows.first == "number,at_s,wall,service,stream,value,count,sum,p50,p95" && rows.last == "")
    let run = try ExportedRun(path: recordedRun)
    let points = try #require(run.series.first { $0.name == "fragments_sent" }).points
    let told = rows.dropFirst().dropLast().map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    #expect(told.count == points.count && points.count > 5)
    for (row, point) in zip(told, points) { #expect(Double(row[5]) == point.value && Double(row[1]) == point.at.seconds) }
  }

  @Test func `a signal that is not there is named, with those that are`() async throws {
    var options = ExportFormat.Options()
    options.signal = "fragments_snet"
    await #expect {
      try await written("csv", recordedRun, options)
    } throws: { error in
      (error as? Problem)?.description.contains("fragments_snet: it has ") == true && (error as? Problem)?.status == 2
    }
  }

  @Test func `what is no recording is refused with its name`() async throws {
    let scratch = try Scratch("export")
    try scratch.write("a.mcap", "no recording")
    for format in ExportFormat.all {
      await #expect("\(format.name)") {
        try await written(format.name, scratch.file("a.mcap"))
      } throws: { error in
        (error as? Problem)?.description.hasPrefix(scratch.file("a.mcap") + ": ") == true
      }
    }
  }

  @Test func `the recorded verdict is JUnit's`() async throws {
    let xml = try await written("junit")
    let document = try XMLDocument(xmlString: xml)
    #expect(try document.nodes(forXPath: "//testcase").count == 14)
    #expect(try document.nodes(forXPath: "//failure | //error").isEmpty)
  }

  /// What Perfetto's JSON importer needs of each phase (json_trace_parser: ph, ts, pid, tid, name; dur of X; args of C; s of i).
  @Test func `a trace has what its importer needs`() async throws {
    let trace = try #require(JSONValue(parsing: Array(try await written("trace").utf8)))
    let events = try #require(trace["traceEvents"]?.arrayValue)
    #expect(trace["displayTimeUnit"] == "ms")
    var phases: [String: Int] = [:]
    var threads: Set<Int> = []
    for event in events {
      let phase = try #require(event["ph"]?.stringValue)
      phases[phase, default: 0] += 1
      #expect(event["name"]?.stringValue?.isEmpty == false && event["pid"]?.intValue == 1)
      if phase == "M" {
        if event["name"] == "thread_name" { threads.insert(try #require(event["tid"]?.intValue)) }
        #expect(event["args"]?["name"]?.stringValue?.isEmpty == false)
        continue
      }
      #expect(try #require(event["ts"]?.doubleValue) >= 0)
      switch phase {
      case "X":
        #expect(try #require(event["dur"]?.doubleValue) >= 0)
        #expect(threads.contains(try #require(event["tid"]?.intValue)))
      case "i":
        #expect(event["s"] == "t")
        #expect(threads.contains(try #require(event["tid"]?.intValue)))
      case "C": #expect(event["args"]?["value"]?.doubleValue != nil)
      default: Issue.record("phase \(phase)")
      }
    }
    #expect(Set(phases.keys) == ["M", "X", "i", "C"])
    let run = try ExportedRun(path: recordedRun)
    #expect(phases["i"] == run.state.rows.count)
    #expect(phases["C"] == run.series.reduce(0) { $0 + $1.points.count })
  }
}
