/// How much a pane has to say now: what the layout shares the screen out by. A function of the run and of the time of its events, never of
/// when a frame is drawn, so that a replayed frame equals the live one; it changes only where a state does.
package struct PaneDemand: Hashable, Sendable {
  /// How much it matters.
  package enum Need: Int, CaseIterable, Hashable, Sendable, Comparable {
    /// Nothing was seen: a line or two say it.
    case quiet
    /// It has something to show.
    case usual
    /// Something in it was wrong within the last ``PaneDemand/quietSeconds``.
    case recent
    /// Something in it is wrong now.
    case wrong

    /// What is wrong now, or was a while ago.
    static func wrong(now isWrong: Bool, recently wasWrong: Bool) -> Self { isWrong ? .wrong : wasWrong ? .recent : .usual }

    /// The more urgent one is greater.
    package static func < (left: Need, right: Need) -> Bool { left.rawValue < right.rawValue }
  }

  /// Rows that it would fill, its frame not counted, at least 1.
  package let rows: Int
  /// How much it matters.
  package let need: Need

  /// How long what is over still counts, in seconds of the run: a screen must not move to and fro.
  package static let quietSeconds = 10.0

  /// So many rows.
  package init(rows: Int, _ need: Need = .usual) {
    self.rows = max(1, rows)
    self.need = need
  }

  /// Columns of a pane that is quiet, its frame not counted.
  static let quietWidth = 31

  /// One line: there is nothing to show.
  static let quiet = PaneDemand(rows: 1, .quiet)
}
