import Events

/// What a run came to, in one line: what was done to it, and what it did of it.
package struct RunSum: Hashable, Sendable {
  /// Faults that were injected.
  package let faults: Int
  /// Whether more were injected than are kept.
  package let areFaultsCut: Bool
  /// Fallbacks that the worker told of; nil where no line of it tells of any fragment.
  package let fallbacks: Int?
  /// How long the breaker was open, in seconds; nil where its state was never known.
  package let breakerOpenSeconds: Double?
  /// Whether openings are so long ago that they are kept no more: then it was open for longer.
  package let isBreakerCut: Bool
  /// The content offset furthest from 0, in milliseconds, positive late; nil where none was measured.
  package let furthestMilliseconds: Double?

  /// What a run has come to by now.
  package init(_ run: RunState) {
    faults = run.faults.count
    areFaultsCut = run.faults.count >= RunState.faultLimit
    fallbacks = run.fragments.counts.isEmpty ? nil : run.fragments.counts[.fallback] ?? 0
    let entries = Array(run.breaker.entries)
    let end = run.ended?.at ?? run.now
    // What fragments alone say of it has no begin and no end.
    breakerOpenSeconds =
      entries.isEmpty && run.breaker.gauge.isEmpty
      ? nil
      : entries.indices.reduce(0) { sum, index in
        guard entries[index].transition.state == .open else { return sum }
        // How the breaker of a new process stands, its old one does not tell.
        let restart = run.restartedAt.flatMap { $0 > entries[index].at ? $0 : nil } ?? end
        let until = entries.indices.contains(index + 1) ? entries[index + 1].at : min(restart, end)
        return sum + max(0, until.seconds(since: entries[index].at))
      }
    isBreakerCut = run.breaker.entries.total > entries.count
    furthestMilliseconds = run.streams.all.compactMap(\.furthest).max { abs($0) < abs($1) }
  }

  /// "8 faults, 11 fallbacks, breaker open 34 s, worst 190 ms late".
  package var sentence: String {
    var parts = [faults == 0 ? "no fault" : (areFaultsCut ? "at least " : "") + Figure.count(faults, "fault")]
    parts.append(fallbacks.map { $0 == 0 ? "no fallback" : Figure.count($0, "fallback") } ?? "fallbacks not known")
    let open = breakerOpenSeconds.map { $0.rounded() }
    parts.append(
      open.map { $0 == 0 && !isBreakerCut ? "breaker never open" : "breaker open \(isBreakerCut ? "at least " : "")\(Figure.seconds($0))" }
        ?? "breaker not known")
    parts.append(
      furthestMilliseconds.map { "worst \(Figure.milliseconds(abs($0).rounded())) \($0 < 0 ? "early" : "late")" }
        ?? "content offset not measured")
    return parts.joined(separator: ", ")
  }
}
