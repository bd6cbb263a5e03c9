import Contracts
import Events
import MCAP
import MediaSync
import PrometheusText
import Recording
import RunModel
import WireFormats

/// What of a recording is compared: lanes of events between the beginning of its scenario and the end of its steps, the anchors among them,
/// and numbers by phase.
package struct RunTrace: Sendable {
  /// A place in time that all runs of a scenario share.
  package struct Anchor: Hashable, Sendable {
    /// What is there: "the beginning", "step 2", "sts-outage began".
    package var name: String
    /// Which of several of that name, from 1.
    package var turn: Int
    /// When, in seconds since the scenario began.
    package var at: Double

    /// The name, with its turn where it is not the first.
    var key: String { turn == 1 ? name : "\(name) (\(turn).)" }
  }

  /// The recording's path.
  package let path: String
  /// What it says of itself.
  package let head: RecordingHead
  /// The newest verdict.
  package private(set) var verdict: VerdictMark?
  /// Events by lane, in order of time.
  package private(set) var lanes: [LaneName: [LaneEvent]] = [:]
  /// Anchors in order of time; the first is the beginning.
  package private(set) var anchors: [Anchor] = []
  /// Numbers by what they are and the phase in which they were seen.
  package private(set) var figures: [FigureName: [Double]] = [:]
  /// When the steps were over, or the recording, in seconds since the scenario began.
  package private(set) var end = 0.0
  /// Whether the steps were over.
  package private(set) var isCompleted = false
  /// What of the recording is missing, as a sentence; nil where nothing is.
  package private(set) var missing: String?

  /// When the scenario began, in seconds since the run did.
  package var began: Double { beginning?.seconds ?? 0 }

  private var beginning: RunInstant?
  private var completed: RunInstant?
  private var wellness: [ServiceName: Bool] = [:]
  private var sentAt: [Int: Double] = [:]

  /// A window of little: only times and limits of the run are asked for here.
  private static let limits = StateLimits(windowSeconds: 20, points: 64, rows: 64, logLines: 1, logBytes: 1 << 12, logLineBytes: 256)

  /// Reads a recording.
  /// - Throws: where it cannot be read, or its scenario never began: then there is nothing to compare.
  package init(path: String) throws(Problem) {
    let file: MCAPFile
    do throws(MCAPError) { file = try MCAPFile(path: path) } catch { throw Problem(.file, "\(path): \(error)") }
    do throws(Problem) { try self.init(file, path: path) } catch { throw error.at(path) }
  }

  /// Reads a recording out of memory or a file.
  package init(_ source: any MCAPSource, path: String) throws(Problem) {
    self.path = path
    var events = try RecordedEvents(source)
    head = events.head
    var run = RunState(limits: Self.limits)
    while let envelope = try events.next() {
      run.apply(envelope)
      note(envelope, run)
      if let began = beginning, completed == nil { end = max(end, run.now.seconds(since: began)) }
    }
    verdict = events.verdict
    missing = events.losses.sentence ?? (events.isComplete ? nil : "the end was never written")
    guard beginning != nil else {
      throw Problem(
        .badInput, "the recording has no scenario that began, so there is nothing to compare", hint: "name a recording of `run`")
    }
    for lane in lanes.keys { lanes[lane]?.sort { ($0.at, $0.number) < ($1.at, $1.number) } }
  }

  private mutating func note(_ envelope: EventEnvelope, _ run: RunState) {
    switch envelope.event {
    case .happening(let happening):
      if case .scenario(let scenario) = happening.kind { noteScenario(scenario, envelope.instant) }
      guard let began = beginning, completed == nil, !happening.isSequel, !happening.isPast else { return }
      let at = run.placement(of: happening, in: envelope).at.seconds(since: began)
      if case .fault(let fault) = happening.kind, fault.phase != .failed {
        addAnchor(fault.phase == .ended ? "\(fault.kind) ended" : "\(fault.kind) began", at)
      }
      noteFigures(happening, at)
      let sync = run.thresholds.syncMilliseconds
      guard let (lane, event) = LaneEvent.of(happening, at: at, number: envelope.number, syncMilliseconds: sync) else { return }
      lanes[lane, default: []].append(event)
    case .sample(.health(let sample)):
      guard let began = beginning, completed == nil, let isGood = sample.outcome.isGood, wellness[sample.service] != isGood else { return }
      wellness[sample.service] = isGood
      let event = LaneEvent(
        kind: "health", label: isGood ? "well" : "not well", at: envelope.instant.seconds(since: began), number: envelope.number,
        text: isGood ? "healthy" : "not healthy")
      lanes[LaneName(entity: .service, name: sample.service.text), default: []].append(event)
    default: return
    }
  }

  private mutating func noteScenario(_ scenario: ScenarioHappening, _ instant: RunInstant) {
    switch scenario {
    case .began:
      guard beginning == nil else { return }
      beginning = instant
      addAnchor("the beginning", 0)
    case .step(let number, _): if let began = beginning { addAnchor("step \(number)", instant.seconds(since: began)) }
    case .completed:
      guard let beginning, completed == nil else { return }
      completed = instant
      isCompleted = true
      end = max(end, instant.seconds(since: beginning))
    case .stepFailed, .closed: return
    }
  }

  private mutating func addAnchor(_ name: String, _ at: Double) {
    anchors.append(Anchor(name: name, turn: anchors.count { $0.name == name } + 1, at: at))
  }

  private mutating func noteFigures(_ happening: Happening, _ at: Double) {
    switch happening.kind {
    case .fragment(let fragment):
      guard let number = fragment.sequenceNumber else { return }
      if fragment.stage == .sent { sentAt[number] = at }
      guard fragment.stage == .processed else { return }
      let sent = sentAt.removeValue(forKey: number)
      if let took = fragment.durationMilliseconds ?? sent.map({ (at - $0) * 1000 }) { add(took, "fragment round trip", "ms", at) }
    case .stream(.contentOffset(let offset)): add(offset.offsetMilliseconds, "content offset of \(happening.service.text)", "ms", at)
    case .stream(.alignment(let measurement, isScored: true)):
      add(measurement.deltaMilliseconds, "timestamp alignment of \(happening.service.text)", "ms", at)
    default: return
    }
  }

  private mutating func add(_ value: Double, _ name: String, _ unit: String, _ at: Double) {
    guard value.isFinite else { return }
    // The phase is the newest step or fault by then: anchors stand in the order in which they were seen.
    let phase = anchors.last { $0.at <= at }?.key ?? "the beginning"
    figures[FigureName(name: name, unit: unit, phase: phase), default: []].append(value)
  }

  /// When an anchor of this key was; nil where the run has none.
  func anchor(_ key: String) -> Double? { anchors.first { $0.key == key }?.at }
}

/// What numbers are compared with each other.
package struct FigureName: Hashable, Comparable, Sendable {
  /// What it is; may carry text from outside, not escaped.
  package var name: String
  /// Its unit.
  package var unit: String
  /// Since which anchor.
  package var phase: String

  /// By name.
  package static func < (left: FigureName, right: FigureName) -> Bool { (left.name, left.phase) < (right.name, right.phase) }
}
