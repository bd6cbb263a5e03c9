import Contracts
import Events
import MediaSync

/// Error lines of one service that no template of the contract knows, since its last good sign.
package struct LogErrors: Codable, Hashable, Sendable {
  /// How many.
  package private(set) var count = 0
  /// When the first of them was read.
  package let first: RunInstant
  /// When the newest was read.
  package private(set) var last: RunInstant
  /// The newest, as written; not escaped.
  package private(set) var line: String

  init(at instant: RunInstant) {
    first = instant
    last = instant
    line = ""
  }

  mutating func note(_ text: String, at instant: RunInstant) {
    count += 1
    last = instant
    line = String(text.prefix(Self.length))
  }

  private static let length = 400

  /// How long no further line may come, in seconds, where nothing shows whether the service is well again.
  static let quietSeconds = 300.0
}

extension RunState {
  var logAlarms: [AlarmDraft] {
    logErrors.map { service, errors in
      let lines = errors.count == 1 ? "an error line that no template knows" : "\(errors.count) error lines that no template knows"
      return AlarmDraft(
        id: "log:\(service)", severity: .warning, text: "\(lines): \(errors.line)", service: service, since: errors.first,
        witness: SourceID(.log, service).description, category: .service)
    }
  }

  /// Keeps a line where it tells of an error that nothing else will tell of.
  mutating func noteError(_ line: LogLine, at instant: RunInstant) {
    guard let level = line.level, level >= .error, !line.isMatched, !line.isExpected, !line.isPast else { return }
    logErrors[line.service, default: LogErrors(at: instant)].note(line.text, at: instant)
    alarmBook.isDue = true
  }

  /// Forgets the lines of services that have shown since that they are well. A good answer of a health check is no such sign, nor is what
  /// the service says of itself: while its output lies dead a worker may go on telling of segments.
  mutating func settleLogErrors() {
    for (service, errors) in logErrors where hasGoodSign(service, since: errors.last) { logErrors[service] = nil }
  }

  private func hasGoodSign(_ service: ServiceName, since last: RunInstant) -> Bool {
    let quiet = now.seconds(since: last)
    let outputs = streams.all.filter { !$0.name.isInputStream }
    guard service == logService, !outputs.isEmpty else { return quiet > LogErrors.quietSeconds }
    // Two segments came out of it since.
    return quiet > 2 * segmentSeconds
      && outputs.contains { track in
        guard track.opened != nil, track.stalledSince == nil, let sample = track.sample else { return false }
        return now.seconds(since: sample.at) < 5 && sample.value.silentSeconds < 5
      }
  }
}
