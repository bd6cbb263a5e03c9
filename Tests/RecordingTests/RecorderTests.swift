import Events
import Foundation
import MCAP
import RunModel
import Synchronization
import TestSupport
import Testing
import WireFormats

@testable import Recording

/// Takes bytes into memory, up to a limit.
final class Memory: RecordingOutput {
  let name = "memory.mcap"
  private let kept = Mutex<(bytes: [UInt8], synced: Int)>(([], 0))
  private let limit: Int

  init(limit: Int = .max) { self.limit = limit }

  func write(_ bytes: [UInt8]) throws(Problem) {
    let isFull = kept.withLock { kept in
      let room = limit - kept.bytes.count
      kept.bytes += bytes.prefix(room)
      return room < bytes.count
    }
    if isFull { throw Problem(.output, "memory.mcap: no space left on device") }
  }

  func sync() throws(Problem) { kept.withLock { $0.synced = $0.bytes.count } }

  var bytes: [UInt8] { kept.withLock { $0.bytes } }
  var synced: Int { kept.withLock { $0.synced } }
}

@Suite struct RecorderTests {
  static func event(_ index: Int) -> EventEnvelope {
    EventEnvelope(
      sequence: UInt64(index), instant: RunInstant(seconds: Double(index)), wall: WallTime(epochSeconds: 1_700_000_000 + Double(index)),
      source: .harness, event: index == 0 ? .happening(Happening(.mark("begin"), service: "dubwatch", provenance: .own)) : .tick)
  }

  static func count(_ bytes: [UInt8]) throws -> Int {
    var events = try RecordedEvents(MCAPBytes(bytes))
    var count = 0
    while try events.next() != nil { count += 1 }
    return count
  }

  @Test func `what was flushed can be read, whatever comes then`() throws {
    let memory = Memory()
    let recorder = Recorder(to: memory, head: RecordingHead())
    for index in 0..<100 { recorder.record(Self.event(index)) }
    recorder.flush()
    #expect(recorder.status.writtenTo == EventNumber(99))
    #expect(recorder.status.bytes == UInt64(memory.bytes.count))
    #expect(try Self.count(memory.bytes) == 100)
  }

  @Test func `an end writes what is left`() async throws {
    let memory = Memory()
    let recorder = Recorder(to: memory, head: RecordingHead())
    for index in 0..<10 { recorder.record(Self.event(index)) }
    let status = await recorder.finish()
    #expect(status.isFinished)
    #expect(status.trouble == nil)
    #expect(memory.synced == memory.bytes.count)
    #expect(try Self.count(memory.bytes) == 10)
    #expect(try MCAPIndex(of: MCAPBytes(memory.bytes)) != nil)
  }

  @Test func `a full disk ends the recording with a notice, and what was written stays`() async throws {
    let memory = Memory(limit: 2500)
    let recorder = Recorder(to: memory, head: RecordingHead())
    for index in 0..<200 {
      recorder.record(Self.event(index))
      recorder.flush()
    }
    let status = await recorder.finish()
    #expect(status.trouble?.contains("no space left") == true)
    #expect(!status.isFinished)
    let known = try #require(status.writtenTo)
    #expect(try Self.count(memory.bytes) == Int(known.sequence) + 1)
    // Nothing piles up behind it.
    recorder.record(Self.event(1000))
    #expect(recorder.status == status)
  }

  @Test func `a power cut costs what was not synced, and a torn end gives no wrong event`() throws {
    let memory = Memory()
    let clock = Mutex(ContinuousClock.now)
    let recorder = Recorder(to: memory, head: RecordingHead(), now: { clock.withLock { $0 } })
    var known: [(bytes: Int, events: Int)] = []
    for index in 0..<60 {
      recorder.record(Self.event(index))
      clock.withLock { $0 = $0.advanced(by: .seconds(1)) }
      recorder.flush()
      known.append((memory.bytes.count, index + 1))
    }
    let synced = memory.synced
    let kept = try #require(known.last { $0.bytes <= synced }?.events)
    // At most six seconds.
    #expect(kept >= 60 - 6)
    var random = SplitMix(seed: 5)
    for _ in 0..<50 {
      // What was not synced is there, torn or zero.
      var bytes = Array(memory.bytes[..<synced])
      for byte in memory.bytes[synced...] { bytes.append(Bool.random(using: &random) ? byte : 0) }
      bytes = Array(bytes[..<Int.random(in: synced...bytes.count, using: &random)])
      #expect(try Self.count(bytes) >= kept)
    }
  }

  @Test func `a file is new, for its user alone, and locked`() throws {
    let scratch = try Scratch("recording")
    let path = scratch.file("a.mcap")
    let file = try RecordingFile(creating: path)
    #expect(throws: Problem.self) { try RecordingFile(creating: path) }
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(RecordingFile.isBeingWritten(path))
    try file.write([1])
    #expect(throws: Problem.self) { try RunLibrary.remove(path) }
  }

  @Test func `a rewritten recording holds the same events in fewer bytes`() async throws {
    let scratch = try Scratch("recording")
    let path = scratch.file("a.mcap")
    var file: RecordingFile? = try RecordingFile(creating: path)
    if let written = file {
      let recorder = Recorder(to: written, head: RecordingHead())
      for index in 0..<300 {
        recorder.record(Self.event(index))
        if index % 3 == 0 { recorder.flush() }
      }
      await recorder.finish()
    }
    file = nil
    let before = scratch.bytes("a.mcap")
    #expect(try RecordingCompaction.rewrite(path))
    let after = scratch.bytes("a.mcap")
    #expect(try Self.count(after) == 300)
    #expect(after.count < before.count / 2)
    #expect(scratch.names == ["a.mcap"])
    #expect(try !RecordingCompaction.rewrite(path))
    let summary = RecordingSummary(path)
    #expect(summary.isComplete)
    #expect(summary.verdict?.newest == EventNumber(299))
  }
}
