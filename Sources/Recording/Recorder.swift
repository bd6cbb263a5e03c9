import Dispatch
import Events
import MCAP
import RunModel
import Synchronization
import WireFormats

/// Records a run: takes every event of a history and writes it to a file, beside the run and never in its way.
///
/// What arrives waits a second at most until it is written. When it cannot be written the recording ends with a notice, and the run goes on.
package final class Recorder: EventTap {
  /// How a recording stands.
  package struct Status: Hashable, Sendable {
    /// Where it is written.
    package var path: String
    /// How many bytes were written.
    package var bytes: UInt64 = 0
    /// The newest event that was written; nil before the first.
    package var writtenTo: EventNumber?
    /// Why nothing more is written; nil while it is.
    package var trouble: String?
    /// The number of the first violation.
    package var firstViolation: EventNumber?
    /// Whether it came to its end.
    package var isFinished = false

    /// A recording with nothing in it.
    package init(path: String) { self.path = path }
  }

  /// How long an event waits at most until it is written, in seconds.
  static let flushSeconds = 1.0
  /// How long what was written may be lost to a power cut, in seconds.
  static let syncSeconds = 5.0
  /// So many events are written at once without waiting.
  static let batch = 4096
  /// The most events that wait: with more of them the disk is slower than the run for good.
  static let backlog = 200_000
  /// How long the end of a recording may take, in seconds.
  static let endSeconds = 10.0

  private struct Inbox: Sendable {
    var events: [EventEnvelope] = []
    var isScheduled = false
    var isHurried = false
    var isClosed = false
    var status: Status
  }

  private struct Desk: Sendable {
    var writer: RecordingWriter
    var output: (any RecordingOutput)?
    var syncedAt: ContinuousClock.Instant
  }

  private let inbox: Mutex<Inbox>
  private let desk: Mutex<Desk>
  private let queue = DispatchQueue(label: "recorder", qos: .utility)
  private let now: @Sendable () -> ContinuousClock.Instant

  /// A recorder that has seen nothing.
  /// - Parameters:
  ///   - output: where it writes, until its end.
  ///   - head: what is known of the run beforehand.
  ///   - now: the time by which it syncs.
  ///   - mask: takes secrets out of texts from outside.
  package init(
    to output: any RecordingOutput, head: RecordingHead, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    mask: @escaping @Sendable (String) -> String = { $0 }
  ) {
    self.now = now
    inbox = Mutex(Inbox(status: Status(path: output.name)))
    desk = Mutex(Desk(writer: RecordingWriter(head, mask: mask), output: output, syncedAt: now()))
  }

  /// How the recording stands.
  package var status: Status { inbox.withLock { $0.status } }

  /// Takes one event; returns at once.
  package func record(_ envelope: EventEnvelope) {
    let delay: Double? = inbox.withLock { inbox in
      guard !inbox.isClosed else { return nil }
      guard inbox.events.count < Self.backlog else {
        inbox.isClosed = true
        inbox.events = []
        inbox.status.trouble = "\(inbox.status.path): the disk is slower than the run"
        return nil
      }
      inbox.events.append(envelope)
      if inbox.events.count >= Self.batch, !inbox.isHurried {
        inbox.isHurried = true
        return 0
      }
      guard !inbox.isScheduled else { return nil }
      inbox.isScheduled = true
      return Self.flushSeconds
    }
    guard let delay else { return }
    queue.asyncAfter(deadline: .now() + delay) { self.writeWhatWaits() }
  }

  /// Writes what waits, now; for those who cannot wait a second.
  package func flush() { queue.sync { writeWhatWaits() } }

  /// Writes what is left and ends the file; returns when that is done, or has taken too long.
  /// - Returns: how the recording stands.
  @discardableResult
  package func finish() async -> Status {
    await withCheckedContinuation { continuation in
      let once = Once(continuation)
      queue.async {
        self.writeWhatWaits()
        self.end()
        once.resume()
      }
      DispatchQueue.global().asyncAfter(deadline: .now() + Self.endSeconds) { once.resume() }
    }
    return inbox.withLock { inbox in
      inbox.isClosed = true
      if !inbox.status.isFinished, inbox.status.trouble == nil {
        inbox.status.trouble = "\(inbox.status.path): the disk took longer than \(Int(Self.endSeconds)) s for the end"
      }
      return inbox.status
    }
  }

  private func writeWhatWaits() {
    let (events, isClosed) = inbox.withLock { inbox in
      defer {
        inbox.events.removeAll(keepingCapacity: inbox.events.count <= Self.batch)
        inbox.isScheduled = false
        inbox.isHurried = false
      }
      return (inbox.events, inbox.isClosed)
    }
    guard !isClosed, !events.isEmpty else { return }
    write { desk throws(Problem) in
      do throws(MCAPError) {
        for event in events { try desk.writer.add(event) }
        try desk.writer.flush()
      } catch {
        throw Problem(recording: error)
      }
    }
  }

  private func end() {
    guard !inbox.withLock({ $0.isClosed }) else { return }
    write { desk throws(Problem) in
      do throws(MCAPError) { try desk.writer.finish(isWhole: desk.writer.unwritten == 0) } catch { throw Problem(recording: error) }
      desk.syncedAt = self.now().advanced(by: .seconds(-2 * Self.syncSeconds))
    }
    inbox.withLock { inbox in
      inbox.isClosed = true
      inbox.status.isFinished = inbox.status.trouble == nil
    }
    desk.withLock { $0.output = nil }
  }

  /// Does something at the desk, and writes what is ready then. Trouble ends the recording.
  private func write(_ work: (inout Desk) throws(Problem) -> Void) {
    let result = desk.withLock { desk -> Result<(UInt64, EventNumber?, EventNumber?), Problem> in
      guard let output = desk.output else { return .success((desk.writer.position, nil, nil)) }
      do throws(Problem) {
        try work(&desk)
        try output.write(desk.writer.take())
        if desk.syncedAt.duration(to: now()) >= .seconds(Self.syncSeconds) {
          try output.sync()
          desk.syncedAt = now()
        }
        return .success((desk.writer.position, desk.writer.closedTo, desk.writer.verdict.firstViolation))
      } catch {
        desk.output = nil
        return .failure(error)
      }
    }
    inbox.withLock { inbox in
      switch result {
      case .success(let (bytes, closedTo, violation)):
        inbox.status.bytes = bytes
        inbox.status.writtenTo = closedTo ?? inbox.status.writtenTo
        inbox.status.firstViolation = violation ?? inbox.status.firstViolation
      case .failure(let problem):
        inbox.isClosed = true
        inbox.events = []
        inbox.status.trouble = problem.description
      }
    }
  }
}

/// A continuation that whoever comes first resumes.
private final class Once: Sendable {
  private let waiting: Mutex<CheckedContinuation<Void, Never>?>

  init(_ continuation: CheckedContinuation<Void, Never>) { waiting = Mutex(continuation) }

  func resume() {
    waiting.withLock { waiting in
      waiting?.resume()
      waiting = nil
    }
  }
}
