import Events
import Foundation
import RunModel
import Synchronization

@testable import HarnessCore

/// Keeps everything it is told.
final class Collector: EventSink, EventTap {
  private let all = Mutex<[(SourceID, RunEvent)]>([])

  func emit(_ event: RunEvent, from source: SourceID) async { all.withLock { $0.append((source, event)) } }
  func record(_ envelope: EventEnvelope) { all.withLock { $0.append((envelope.source, envelope.event)) } }

  var events: [RunEvent] { all.withLock { $0.map(\.1) } }
  var logLines: [LogLine] {
    events.flatMap { event -> [LogLine] in if case .logLines(let lines) = event { lines } else { [] } }
  }
  var lines: [String] { logLines.map(\.text) }
  var health: [HealthSample] { events.compactMap { if case .sample(.health(let sample)) = $0 { sample } else { nil } } }
  var metrics: [MetricsSample] { events.compactMap { if case .sample(.metrics(let sample)) = $0 { sample } else { nil } } }
  var media: [MediaPathsSample] { events.compactMap { if case .sample(.mediaPaths(let sample)) = $0 { sample } else { nil } } }
  var happenings: [Happening] { events.compactMap { if case .happening(let happening) = $0 { happening } else { nil } } }
  var faults: [FaultHappening] {
    happenings.compactMap { if case .fault(let fault) = $0.kind { fault } else { nil } }
  }
  var standings: [SourceStatus.Standing] {
    events.compactMap { if case .sourceStatus(let status) = $0 { status.standing } else { nil } }
  }
  var targets: [String] { events.compactMap { if case .sourceStatus(let status) = $0 { status.target } else { nil } } }
  var reasons: [String] {
    standings.compactMap { if case .failing(let reason, _, _) = $0 { reason } else { nil } }
  }
}

/// Runs a source until the closure is done, then ends it.
func running(_ source: any EventSource, _ collector: Collector, _ body: () async throws -> Void) async rethrows {
  let task = Task { await source.run(into: collector) }
  defer { task.cancel() }
  try await body()
  task.cancel()
  await task.value
}

func realClock(speed: Double = 1) -> ScaledClock { ScaledClock(speed: speed, wallOrigin: WallTime(epochSeconds: 1_767_139_200)) }
