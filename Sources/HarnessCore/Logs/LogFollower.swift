import Contracts
import Events
import ProcessGuard
import RunModel
import WireFormats

/// Follows a log file by path: waits for it, reads what is appended, survives truncation, rotation and recreation.
package actor LogFollower: EventSource, ContractUser {
  /// How much one look reads, in bytes.
  static let readSize = 256 * 1024
  /// How many looks are made in a row while more is there, before others get their turn.
  static let looksInARow = 4
  /// From how many unread bytes on a file is said to lag behind, and below how many it is said to have caught up.
  static let lagging = 4 * 1024 * 1024
  static let caughtUp = 512 * 1024

  /// Who it is.
  package nonisolated let id: SourceID
  private let clock: any RunClock
  private let interval: Double
  private let path: String
  private var tail: FileTail
  private var reader: LogReader
  private var assembler = LineAssembler()
  private var buffer = [UInt8](repeating: 0, count: LogFollower.readSize)
  private var lines: [String] = []
  private var standing: SourceStatus.Standing?
  private var misses = 0
  private var skipped = 0
  private var lag = ReadingLag(lagging: LogFollower.lagging, caughtUp: LogFollower.caughtUp)

  /// A follower of a file.
  /// - Parameters:
  ///   - start: where reading begins when the file is there already.
  ///   - interval: distance between two looks, in real seconds.
  ///   - contract: what reads the lines; nil until it is known.
  package init(
    service: ServiceName, path: String, start: LogStart = .last(bytes: 256 * 1024), contract: Contract?, clock: any RunClock,
    interval: Double = 0.1, hostUTCOffsetSeconds: Int = 0
  ) {
    id = SourceID(.log, service)
    self.clock = clock
    self.path = path
    self.interval = interval.isFinite ? min(max(interval, 0.01), 10) : 0.1
    tail = FileTail(path: path, start: start)
    reader = LogReader(id: SourceID(.log, service), contract: contract, hostUTCOffsetSeconds: hostUTCOffsetSeconds)
  }

  /// From now on lines are read by this contract.
  @discardableResult
  package func use(_ contract: Contract?) -> Set<SourceID> { reader.use(contract) ? [id] : [] }

  /// The contract stays as it is.
  package func settle() { reader.settle() }

  /// Produces events until cancelled.
  package func run(into sink: any EventSink) async {
    while !Task.isCancelled {
      let isBusy = await turn(sink)
      if isBusy {
        await Task.yield()
        continue
      }
      // Looks follow real time, whatever the speed of the pipeline: a file costs the same to look at.
      do { try await clock.sleep(seconds: interval * clock.speed) } catch { break }
    }
    tail.closeFile()
  }

  /// One turn; whether there is more to read at once.
  private func turn(_ sink: any EventSink) async -> Bool {
    if reader.isBehind { await emit([], sink) }
    if tail.skipped > skipped {
      skipped = tail.skipped
      await tell(LostLines(lines: nil, cause: .replaced), sink)
    }
    for _ in 0..<Self.looksInARow {
      switch tail.look(into: &buffer) {
      case .missing(let reason):
        misses += 1
        await say(.failing(reason: reason, consecutiveFailures: misses, retryInSeconds: interval), sink)
        return false
      case .unchanged:
        await say(.reading, sink)
        return false
      case .restarted(let how):
        // What had no end yet will never get one.
        if let rest = assembler.finish() { await emit([rest], sink) }
        await say(.reading, sink)
        // What was written since the last look went with the truncation.
        if how == .truncated { await tell(LostLines(lines: nil, cause: .truncated), sink) }
      case .bytes(let count, let hasMore):
        await say(.reading, sink)
        lines.removeAll(keepingCapacity: true)
        reader.past = tail.isPast ? .all : .none
        assembler.append(buffer[..<count], to: &lines)
        await emit(lines, sink)
        if !hasMore {
          await sayLag(sink)
          return false
        }
      }
      if Task.isCancelled { return false }
    }
    await sayLag(sink)
    return true
  }

  /// A file waits, it loses nothing; but that it is read behind its writing must be known.
  private func sayLag(_ sink: any EventSink) async {
    guard let unread = lag.note(tail.unreadBytes, at: clock.now(), speed: clock.speed) else { return }
    let status = SourceStatus(standing: .reading, target: path, intervalSeconds: nil, unreadBytes: unread.bytes)
    await sink.emit(.sourceStatus(status), from: id)
  }

  private func tell(_ loss: LostLines, _ sink: any EventSink) async {
    await sink.emit(.happening(Happening(.linesLost(loss), service: id.service, provenance: .own)), from: id)
  }

  private func emit(_ lines: [String], _ sink: any EventSink) async {
    reader.now = clock.wallNow()
    for event in reader.read(lines) { await sink.emit(event, from: id) }
  }

  private func say(_ new: SourceStatus.Standing, _ sink: any EventSink) async {
    if case .reading = new { misses = 0 }
    // The count of looks and the time to the next one are no news.
    switch (standing, new) {
    case (.reading?, .reading): return
    case (.failing(let old, _, _)?, .failing(let reason, _, _)) where old == reason: return
    default: break
    }
    standing = new
    await sink.emit(.sourceStatus(SourceStatus(standing: new, target: path, intervalSeconds: nil)), from: id)
  }
}
