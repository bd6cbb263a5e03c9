import Contracts
import Events
import RunModel

/// What judges may know besides the events they are told.
struct JudgeContext: Sendable {
  /// Shared, as each file of a case carries it and a contract has many parts.
  private var sharedContract = SharedContract(Contract(name: "none", summary: ""))
  var contract: Contract {
    get { sharedContract.value }
    set { sharedContract = SharedContract(newValue) }
  }
  var speed = 1.0
  var now: RunInstant = .zero
  var beganAt: RunInstant?
  var completedAt: RunInstant?
  /// Services of which a log line was read since the run began.
  var heardLogs: Set<ServiceName> = []
  /// The limit that the last session opened with.
  var sessionLimit: Int?
  /// How often each source is read, in seconds.
  var intervals: [SourceID: Double] = [:]
  var services: [ServiceName] = []
  /// How many log lines were lost before they could be read.
  var lost = 0

  var thresholds: Thresholds { contract.thresholds }
  var worker: ServiceName { contract.workerService }

  /// How late a thing may be because this machine was busy, in pipeline seconds: a quarter of a real second.
  var schedulerAllowance: Double { 0.25 * max(1, speed) }

  /// How long nothing may be read of a source without the readings having a hole: three intervals, and the time that one reading may take.
  func patience(_ kind: SourceKind, _ service: ServiceName) -> Double {
    Staleness.limit(intervalSeconds: interval(kind, service)) + 2.5 * max(1, speed)
  }

  func interval(_ kind: SourceKind, _ service: ServiceName) -> Double { intervals[SourceID(kind, service)] ?? 1 }

  /// Why happenings that only the worker's log tells cannot be seen; nil when they can.
  func deaf(to names: [HappeningKind]) -> String? {
    guard !names.isEmpty else { return nil }
    guard contract.logTemplates.contains(where: { template in names.contains { $0.word == template.happening } }) else {
      return "contract \(contract.name) knows no log line for \(names.map(\.word).joined(separator: " or "))"
    }
    if !heardLogs.contains(worker) { return "no log of \(worker) was read" }
    return nil
  }

  /// Why that something never happened cannot be proven: some of the history is missing; nil when it is all there.
  var incomplete: String? { lost > 0 ? "\(Figure.count(lost, "log line")) \(lost == 1 ? "was" : "were") lost on the way" : nil }
}

/// A contract that many hold and nobody changes.
private final class SharedContract: Sendable {
  let value: Contract
  init(_ value: Contract) { self.value = value }
}

/// One expectation's verdict in the making.
package struct CaseFile {
  private static let kept = 8

  let context: JudgeContext
  var verdict: Verdict
  /// Whether anything was said since the file was opened.
  private(set) var isTouched = false

  init(context: JudgeContext, verdict: Verdict) {
    self.context = context
    self.verdict = verdict
  }

  var isDecided: Bool { verdict.standing != .pending }

  /// Adds to the evidence; of much the first and the last are kept.
  mutating func cite(_ event: JudgedEvent, _ text: String) {
    isTouched = true
    verdict.evidence.append(Evidence(sequence: event.envelope.sequence, at: event.at, text: text))
    if verdict.evidence.count > 2 * Self.kept {
      verdict.evidence.remove(at: Self.kept)
      verdict.omittedEvidence += 1
    }
  }

  /// Says what was seen so far.
  mutating func note(_ reason: String) {
    guard !isDecided, verdict.reason != reason else { return }
    isTouched = true
    verdict.reason = reason
  }

  mutating func meet(_ reason: String) { decide(.met, reason) }
  mutating func violate(_ reason: String) { decide(.violated, reason) }
  mutating func leave(_ reason: String) { decide(.unobservable, reason) }

  /// Met, unless some of the history is missing or the log that would have told is not read.
  mutating func meetUnlessBlind(_ names: [HappeningKind], _ reason: String) {
    if let blind = context.deaf(to: names) ?? context.incomplete { leave(blind) } else { meet(reason) }
  }

  /// Violated because it never came, unless it could not have been seen.
  mutating func violateUnlessBlind(_ names: [HappeningKind], _ reason: String) {
    if let blind = context.deaf(to: names) ?? context.incomplete { leave(blind) } else { violate(reason) }
  }

  private mutating func decide(_ standing: Verdict.Standing, _ reason: String) {
    guard !isDecided else { return }
    isTouched = true
    verdict.standing = standing
    verdict.reason = reason
    verdict.decidedAt = context.now
  }
}
