import Events
import RunModel
import WireFormats

/// A line of the reconnection pane that can be selected: an attempt, or how a loss went.
struct ReconnectionRow {
  let loss: ReconnectionTrack.Episode
  /// Which loss of the run, from 1.
  let number: Int
  /// The attempt's place among those that are kept of the loss; nil for how the loss went.
  let place: Int?

  /// More than the attempts that are kept of a loss.
  private static let places = 128

  /// Its number in the selection, the same whether all losses show or only the newest; those of later rows are greater.
  var id: Int { number * Self.places + min(place ?? .max, Self.places - 1) }

  var attempt: ReconnectionTrack.Attempt? { place.map { loss.attempts[$0] } }

  /// When the attempt was made, or the connection was lost.
  var instant: RunInstant { attempt?.at ?? loss.lostAt }

  /// When what came before the attempt did: the attempt before it, or the loss.
  var from: RunInstant { place.flatMap { $0 > 0 ? loss.attempts[$0 - 1].at : nil } ?? loss.lostAt }

  /// Whether it is said to be bad where it does not show.
  var isBad: Bool {
    guard let attempt else { return loss.backAt == nil && loss.restartedAt == nil }
    return attempt.isTimed && !attempt.isOnSchedule
  }

  /// What is copied and searched.
  var text: String {
    guard let attempt else { return "loss \(number)\(loss.reason.map { ": \($0)" } ?? "")" }
    let took = attempt.isTimed ? "after \(Format.fixed(attempt.measuredSeconds, 2)) s" : "after a time not known"
    return "loss \(number), attempt \(attempt.number) \(Self.outcome(attempt)) \(took), planned \(Format.number(attempt.plannedSeconds)) s"
  }

  static func outcome(_ attempt: ReconnectionTrack.Attempt) -> String {
    attempt.success.map { $0 ? "connected" : "failed" } ?? "with no outcome known"
  }

  /// Every loss with its attempts and how it went, oldest first.
  static func all(_ run: RunState) -> [ReconnectionRow] {
    let losses = run.reconnection.episodes
    let first = losses.total - losses.count + 1
    return losses.enumerated().flatMap { index, loss in
      (loss.attempts.indices.map(Optional.some) + [nil]).map { ReconnectionRow(loss: loss, number: first + index, place: $0) }
    }
  }

  /// The attempts after the newest loss.
  static func newest(_ run: RunState) -> [ReconnectionRow] {
    let losses = run.reconnection.episodes
    guard let loss = losses.last else { return [] }
    return loss.attempts.indices.map { ReconnectionRow(loss: loss, number: losses.total, place: $0) }
  }
}
