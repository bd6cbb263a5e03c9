import Contracts
import Events

/// What is remembered of alarms while they stand, so that each keeps its event, its time and its number.
struct AlarmBook: Codable, Sendable {
  struct Entry: Codable, Sendable {
    var serial: Int
    var since: RunInstant
    var event: EventNumber
    /// What it said last, and what its rows are about; nil where others tell of it.
    var text: String
    var service: ServiceName
    var category: EventRow.Category?
    /// Whether it rests on what the contract makes of a log or of metrics.
    var isReading = false
  }

  /// The alarms that stand, by their names.
  var open: [String: Entry] = [:]
  /// When alarms ended, of the last ``quietSeconds``.
  var endings: [RunInstant] = []
  /// How many alarms there ever were.
  var total = 0
  /// When the state was last looked through.
  var lookedAt: RunInstant?
  /// Whether something has changed since that may begin or end an alarm.
  var isDue = false

  /// How long what ended still counts where room is made for alarms, in seconds: a screen must not move to and fro.
  static let quietSeconds = 10.0
  /// How long the state is not looked through where nothing else asks for it, in seconds: some alarms come of time alone.
  static let restSeconds = 1.0
}

extension RunState {
  /// What is wrong now, worst first, then oldest first; in a judged run what is violated, then what is not known, then the pipeline.
  package var alarms: [Alarm] {
    drafts.map { draft in
      let entry = alarmBook.open[draft.id]
      return Alarm(
        id: draft.id, subject: draft.subject, severity: draft.severity, text: draft.text, service: draft.service,
        since: draft.since ?? entry?.since ?? now, sureness: draft.sureness, witness: draft.witness,
        event: draft.event ?? entry?.event ?? newest, serial: entry?.serial ?? alarmBook.total)
    }
    .sorted(by: Alarm.isWorse)
  }

  /// How many alarms of the pipeline stand or have ended within the last 10 s: what a screen makes room for.
  package var recentAlarms: Int { drafts.count { $0.subject == .pipeline } + alarmBook.endings.count }

  private var drafts: [AlarmDraft] {
    // What is wrong is wrong whichever worker shows.
    lanes.active == nil ? allDrafts : showing(WorkerLane(contractWorker)).allDrafts
  }

  private var allDrafts: [AlarmDraft] {
    verdictAlarms + runAlarms + serviceAlarms + pipelineAlarms + laneAlarms + streamAlarms + logAlarms + sourceAlarms
  }

  /// Looks through the state where something may have begun or ended, and gives what nobody else tells of its rows.
  mutating func lookForAlarms() {
    let isDue = alarmBook.isDue || alarmBook.lookedAt.map { now.seconds(since: $0) >= AlarmBook.restSeconds } ?? true
    guard isDue else { return }
    alarmBook.lookedAt = now
    settleLogErrors()
    alarmBook.endings.removeAll { now.seconds(since: $0) > AlarmBook.quietSeconds }
    let drafts = drafts
    if !alarmBook.open.isEmpty {
      let standing = Set(drafts.map(\.id))
      for (id, entry) in alarmBook.open.sorted(by: { $0.value.serial < $1.value.serial }) where !standing.contains(id) {
        alarmBook.open[id] = nil
        alarmBook.endings.append(now)
        if let category = entry.category {
          addRow(category, .good, "no longer: \(entry.text)", at: now, service: entry.service, isOfReading: entry.isReading)
        }
      }
    }
    for draft in drafts { note(draft) }
    // Its own rows are no news to it.
    alarmBook.isDue = false
  }

  private mutating func note(_ draft: AlarmDraft) {
    guard alarmBook.open[draft.id] == nil else {
      alarmBook.open[draft.id]?.text = draft.text
      return
    }
    alarmBook.open[draft.id] = AlarmBook.Entry(
      serial: alarmBook.total, since: draft.since ?? now, event: draft.event ?? newest, text: draft.text, service: draft.service,
      category: draft.category, isReading: draft.isReading)
    alarmBook.total += 1
    guard let category = draft.category else { return }
    addRow(
      category, draft.severity == .bad ? .bad : .warning, draft.text, at: now, service: draft.service, isOfReading: draft.isReading)
  }
}
