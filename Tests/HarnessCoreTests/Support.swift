import Foundation
import HarnessModel
import Synchronization

@testable import HarnessCore

/// Polls a condition until it holds or the deadline has passed.
func eventually(within seconds: Double = 15, _ condition: () async throws -> Bool) async rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if try await condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return try await condition()
}

/// Keeps everything it is told.
final class Collector: EventSink, EventTap {
  private let all = Mutex<[(SourceID, RunEvent)]>([])

  func emit(_ event: RunEvent, from source: SourceID) async { all.withLock { $0.append((source, event)) } }
  func record(_ envelope: EventEnvelope) { all.withLock { $0.append((envelope.source, envelope.event)) } }

  var events: [RunEvent] { all.withLock { $0.map(\.1) } }
  var lines: [String] {
    events.flatMap { event -> [String] in if case .logLines(let lines) = event { lines.map(\.text) } else { [] } }
  }
  var health: [HealthSample] { events.compactMap { if case .sample(.health(let sample)) = $0 { sample } else { nil } } }
  var metrics: [MetricsSample] { events.compactMap { if case .sample(.metrics(let sample)) = $0 { sample } else { nil } } }
  var media: [MediaPathsSample] { events.compactMap { if case .sample(.mediaPaths(let sample)) = $0 { sample } else { nil } } }
  var happenings: [Happening] { events.compactMap { if case .happening(let happening) = $0 { happening } else { nil } } }
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

/// A directory for one test.
struct Scratch: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("dubwatch-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func file(_ name: String) -> String { path + "/" + name }
  func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: file(name))) }
  func append(_ name: String, _ bytes: [UInt8]) throws {
    if !FileManager.default.fileExists(atPath: file(name)) { _ = FileManager.default.createFile(atPath: file(name), contents: nil) }
    guard let handle = FileHandle(forWritingAtPath: file(name)) else { throw CocoaError(.fileNoSuchFile) }
    defer { try? handle.close() }
    _ = try handle.seekToEnd()
    try handle.write(contentsOf: Data(bytes))
  }
  func append(_ name: String, _ text: String) throws { try append(name, Array(text.utf8)) }
  func truncate(_ name: String) throws {
    guard let handle = FileHandle(forWritingAtPath: file(name)) else { throw CocoaError(.fileNoSuchFile) }
    try handle.truncate(atOffset: 0)
    try handle.close()
  }
  func move(_ name: String, to other: String) throws { try FileManager.default.moveItem(atPath: file(name), toPath: file(other)) }
  func delete(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
