import Contracts
import Events

extension RunState {
  /// What was read by a contract that does not hold after all is taken back: the sources tell it once more, by the one that does.
  mutating func forgetReadings() {
    breaker = BreakerTrack(limits: limits)
    backpressure = BackpressureTrack(limits: limits)
    reconnection = ReconnectionTrack(limits: limits)
    sync = SyncTrack(limits: limits)
    segments = SegmentFlow()
    fragments = FragmentTrack()
    lanes = WorkerLanes()
    metrics.signals = [:]
    counterBases = [:]
    counterWatches = [:]
    lossRows = [:]
    logErrors = [:]
    for (id, origin) in findingOrigins where [.log, .metrics].contains(origin.witness.kind) {
      findings[id] = nil
      findingOrigins[id] = nil
    }
    rows.removeAll(where: \.isReading)
    // What was wrong by that contract is not over: it never was.
    for (id, entry) in alarmBook.open where entry.isReading { alarmBook.open[id] = nil }
    alarmBook.isDue = true
  }
}

extension AlarmDraft {
  /// Whether a log or metrics tell of it, as the contract has them.
  var isReading: Bool { [SourceKind.log, .metrics].contains { witness.hasPrefix("\($0.rawValue):") } }
}

extension RunEvent {
  /// Whether it is what a contract makes of a source. What became of the source itself is not.
  var isReading: Bool {
    switch self {
    case .happening(let happening):
      switch happening.kind {
      case .linesLost, .logReadAgain: false
      default: true
      }
    case .sample: true
    case .logLines, .sourceStatus, .description, .tick, .verdict: false
    }
  }
}
