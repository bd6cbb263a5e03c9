import Events
import Foundation
import MCAP
import Recording
import RunModel
import TestSupport
import Testing
import WireFormats

@testable import Export

/// A real run of `non-retryable-error` at speed 5, of format 1.
let recordedRun = Checkout.fixture("recordings/format-1.mcap")

/// Runs a Python peer to its end and reads the JSON that it prints.
func answer(_ script: String, _ arguments: [String], within seconds: Double = 90) async throws -> JSONValue {
  let python = try #require(PythonPeer.interpreter)
  let child = try ChildProgram([python, Checkout.path("Tests/ExportTests/Peers/\(script)")] + arguments)
  let result = await child.result(within: seconds)
  try #require(result.status == 0, "\(result)")
  return try #require(JSONValue(parsing: Array(result.output.utf8)), "\(result)")
}

/// A recording of some happenings, a second apart, made in memory.
func recording(_ kinds: [Happening.Kind], lines: [String] = []) async throws -> MCAPBytes {
  let output = MemoryOutput()
  let recorder = Recorder(to: output, head: RecordingHead())
  var number: UInt64 = 0
  func record(_ event: RunEvent) {
    recorder.record(
      EventEnvelope(
        sequence: number, instant: RunInstant(seconds: Double(number)), wall: WallTime(epochSeconds: 1_700_000_000 + Double(number)),
        source: SourceID(.log, "worker"), event: event))
    number += 1
  }
  for kind in kinds { record(.happening(Happening(kind, service: "worker", provenance: .observed))) }
  for line in lines { record(.logLines([LogLine(service: "worker", text: line, level: .error)])) }
  await recorder.finish()
  return MCAPBytes(output.bytes)
}

private final class MemoryOutput: RecordingOutput {
  let name = "memory.mcap"
  private let kept = Collected<UInt8>()
  func write(_ bytes: [UInt8]) throws(Problem) { kept.add(contentsOf: bytes) }
  func sync() throws(Problem) {}
  var bytes: [UInt8] { kept.all }
}

/// What a format writes.
func written(_ name: String, _ path: String = recordedRun, _ options: ExportFormat.Options = ExportFormat.Options()) async throws -> String
{
  let format = try #require(ExportFormat.all.first { $0.name == name })
  let text = Collected<String>()
  try await format.write(path, options) {
    text.add($0)
    return true
  }
  return text.all.joined()
}
