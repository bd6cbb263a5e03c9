import Contracts
import Events
import MCAP
import Recording
import RunModel
import TestSupport
import WireFormats

@testable import Triage

/// What a planted run consists of: when something happens, in seconds since its scenario began.
typealias Script = [(at: Double, kind: Happening.Kind)]

/// A good run: a fault, failures, a breaker that opens, half-opens and closes, with times that vary as real ones do.
func goodScript(_ random: inout SplitMix) -> Script {
  func about(_ seconds: Double) -> Double { seconds + Double.random(in: -0.2...0.2, using: &random) }
  var script: Script = [
    (0, .scenario(.began(name: "planted"))), (2, .scenario(.step(number: 1, text: "inject"))),
    (about(2.5), .fault(FaultHappening(id: 1, kind: "sts errors", detail: "TIMEOUT", phase: .began))),
    (about(20), .fault(FaultHappening(id: 1, kind: "sts errors", detail: "TIMEOUT", phase: .ended))),
    (about(9), .breaker(BreakerTransition(from: .closed, state: .open, trigger: .failure, failureCount: 5))),
    (about(24), .breaker(BreakerTransition(from: .open, state: .halfOpen, trigger: .timeout))),
    (about(25), .breaker(BreakerTransition(from: .halfOpen, state: .closed, trigger: .success))),
    (about(12), .speechDisconnected(reason: "reset")), (about(14), .reconnectionAttempt(ReconnectionAttempt(attempt: 1, success: false))),
    (about(18), .reconnectionAttempt(ReconnectionAttempt(attempt: 2, success: true))), (about(18.5), .speechConnected),
    (40, .scenario(.completed(reason: "done"))),
  ]
  for number in 0..<12 {
    let at = about(3 + Double(number) * 2.5)
    let isBad = (2..<6).contains(number)
    script.append((at, .fragment(FragmentHappening(stage: .sent, sequenceNumber: number))))
    let took = Double.random(in: 80...160, using: &random)
    let end: FragmentHappening =
      isBad
      ? FragmentHappening(stage: .failed, sequenceNumber: number, detail: "TIMEOUT")
      : FragmentHappening(stage: .processed, sequenceNumber: number, detail: "success", durationMilliseconds: took)
    script.append((at + 0.5, .fragment(end)))
  }
  return script
}

/// The trace of a script, read from a recording of it.
func trace(_ script: Script, scenario: String = "planted", path: String = "planted.mcap") async throws -> RunTrace {
  let output = MemoryOutput()
  let recorder = Recorder(to: output, head: RecordingHead())
  let start = WallTime(epochSeconds: 1_700_000_000)
  var number: UInt64 = 0
  func record(_ event: RunEvent, _ seconds: Double) {
    recorder.record(
      EventEnvelope(
        sequence: number, instant: RunInstant(seconds: seconds), wall: WallTime(epochSeconds: start.epochSeconds + seconds),
        source: .harness, event: event))
    number += 1
  }
  record(
    .description(
      RunDescription(
        scenario: scenario, environment: "embedded", contract: Contract(name: "none", summary: ""), contractReason: "asked for",
        services: [], startedAt: start)), 0)
  for (at, kind) in script.sorted(by: { $0.at < $1.at }) {
    record(.happening(Happening(kind, service: "media-service", provenance: .own)), 1 + at)
  }
  await recorder.finish()
  return try RunTrace(MCAPBytes(output.bytes), path: path)
}

private final class MemoryOutput: RecordingOutput {
  let name = "memory.mcap"
  private let kept = Collected<UInt8>()
  func write(_ bytes: [UInt8]) throws(Problem) { kept.add(contentsOf: bytes) }
  func sync() throws(Problem) {}
  var bytes: [UInt8] { kept.all }
}
