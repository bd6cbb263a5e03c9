import Contracts
import Events

/// Whether lines of one service's log can be read at all, as long as none could be.
package struct LogForm: Codable, Hashable, Sendable {
  /// How many lines could not be read; none of them was.
  package private(set) var unread = 0
  /// Whether at least one line was understood: then a stranger between others is no news.
  package private(set) var isUnderstood = false
  /// The first line that could not be read, cut.
  package private(set) var first: String?
  /// When it was read.
  package private(set) var since: RunInstant?
  /// Whether it was said.
  package internal(set) var isTold = false

  /// After how many lines, or how many seconds of them, it is said that not one is understood.
  package static let lines = 10
  package static let seconds = 5.0

  mutating func note(_ line: LogLine, at instant: RunInstant) {
    guard !isUnderstood, let form = line.form else { return }
    if line.isMatched || line.isExpected || form == .read {
      isUnderstood = true
      return
    }
    guard form == .unread, !line.text.isEmpty else { return }
    unread += 1
    if first == nil {
      first = String(line.text.prefix(160))
      since = instant
    }
  }

  /// Whether it is time to say that nothing is understood.
  func isDue(now: RunInstant, speed: Double) -> Bool {
    guard !isUnderstood, !isTold, let since else { return false }
    return unread >= Self.lines || now.seconds(since: since) >= Self.seconds * max(1, speed)
  }
}

extension RunState {
  /// Says of logs that are read and not understood that they are not: what they tell is not known.
  mutating func settleLogForms() {
    let speed = description?.speed ?? 1
    for (service, form) in logForms where form.isDue(now: now, speed: speed) || (form.isTold && form.isUnderstood) {
      logForms[service]?.isTold = !form.isUnderstood
      tell(form, of: service)
    }
  }

  private mutating func tell(_ form: LogForm, of service: ServiceName) {
    let text =
      "not one of \(Figure.count(form.unread, "line")) of the log of \(service) is understood: they are not built as contract \(contract.name) "
      + "has it (log_format: \(contract.logFormat.rawValue)); the first is \"\(form.first ?? "")\""
    // Only the worker's log is the contract's own: that others are built otherwise may be as it should.
    guard service == contractWorker || service == lanes.logOwner || lane(logged: service) != nil else {
      if !form.isUnderstood { addRow(.source, .info, text, at: now, service: service) }
      return
    }
    let finding = Finding(id: "log-not-understood-\(service)", text: text, holds: !form.isUnderstood)
    note(finding, at: now, from: FindingOrigin(service: service, witness: SourceID(.log, service)))
  }
}
