import Contracts
import Events

/// Until when it is known what a worker does: by its scrapes and the lines of its log.
package struct WorkerKnowledge: Codable, Hashable, Sendable {
  /// A time of which nothing is known.
  package struct Gap: Codable, Hashable, Sendable {
    /// The last that was heard before it.
    package var from: RunInstant
    /// The first that was heard after it.
    package var to: RunInstant
  }

  /// Times of which nothing is known, oldest first, the newest ones of very many.
  package private(set) var gaps: [Gap] = []
  private var scrapeAt: RunInstant?
  private var lineAt: RunInstant?

  private static let kept = 256

  /// When anything was heard last; nil before.
  package var heardAt: RunInstant? { [scrapeAt, lineAt].compactMap(\.self).max() }

  /// Until when what was heard holds, in the limits of its sources; nil before anything was heard.
  ///
  /// A line shows that the worker lives where no scrape does: but one that was written before a scrape was due shows nothing of a worker
  /// that does not answer since.
  /// - Parameters:
  ///   - limit: from which age on a scrape is no longer current, in seconds.
  ///   - quiet: for how long a log may say nothing of a worker that works, in seconds.
  func knownUntil(limit: Double, quiet: Double) -> RunInstant? {
    guard let scrapeAt else { return lineAt?.advanced(bySeconds: max(limit, quiet)) }
    let byScrape = scrapeAt.advanced(bySeconds: limit)
    guard let lineAt, lineAt > byScrape else { return byScrape }
    return lineAt.advanced(bySeconds: max(limit, quiet))
  }

  mutating func noteScrape(at instant: RunInstant, limit: Double, quiet: Double) {
    endGap(at: instant, limit, quiet)
    scrapeAt = max(scrapeAt ?? instant, instant)
  }

  mutating func noteLine(at instant: RunInstant, limit: Double, quiet: Double) {
    endGap(at: instant, limit, quiet)
    lineAt = max(lineAt ?? instant, instant)
  }

  /// Another process took its place: nobody knows what the one before did to its end.
  ///
  /// Lines since the last scrape may be of either.
  mutating func noteRestart(at instant: RunInstant) {
    if let from = scrapeAt ?? lineAt, from < instant { add(Gap(from: from, to: instant)) }
  }

  private mutating func endGap(at instant: RunInstant, _ limit: Double, _ quiet: Double) {
    guard let heardAt, let until = knownUntil(limit: limit, quiet: quiet), instant > until else { return }
    add(Gap(from: heardAt, to: instant))
  }

  private mutating func add(_ gap: Gap) {
    if let last = gaps.indices.last, gap.from < gaps[last].to {
      gaps[last].to = max(gaps[last].to, gap.to)
    } else {
      gaps.append(gap)
    }
    if gaps.count > Self.kept { gaps.removeFirst() }
  }
}

extension RunState {
  /// For how long it has not been known what the worker does, in seconds; nil while it is known, and before anything was heard of it.
  package var workerUnknownSeconds: Double? {
    guard let heard = knowledge.heardAt, let until = knowledge.knownUntil(limit: workerLimit, quiet: workerQuiet), now > until
    else { return nil }
    return now.seconds(since: heard)
  }

  /// Times of which it is not known what the worker did, with the one that is not over.
  package var workerGaps: [WorkerKnowledge.Gap] {
    guard workerUnknownSeconds != nil, let heard = knowledge.heardAt else { return knowledge.gaps }
    return knowledge.gaps + [WorkerKnowledge.Gap(from: heard, to: now)]
  }

  private var workerLimit: Double { staleLimit(.metrics, metricsService) }
  private var workerQuiet: Double { 2 * segmentSeconds }

  mutating func noteWorkerScrape(at instant: RunInstant) {
    knowledge.noteScrape(at: instant, limit: workerLimit, quiet: workerQuiet)
  }

  mutating func noteWorkerLine(at instant: RunInstant) {
    knowledge.noteLine(at: instant, limit: workerLimit, quiet: workerQuiet)
  }

  /// The worker's process is another one: what was known of the one before is history.
  mutating func beginAnew(at instant: RunInstant) {
    restartedAt = instant
    knowledge.noteRestart(at: instant)
    breaker.noteRestart()
    backpressure.noteRestart(at: instant)
    reconnection.noteRestart(at: instant)
    fragments.noteRestart()
  }
}
