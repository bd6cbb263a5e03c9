import Events
import SpeechProtocol

/// What is known of backpressure: each event, and what followed it.
package struct BackpressureTrack: Codable, Sendable {
  /// One event and what followed.
  package struct Entry: Codable, Hashable, Sendable {
    /// When it occurred.
    package var at: RunInstant
    /// What the speech service said.
    package var event: BackpressureEvent
    /// How it is known.
    package var provenance: Happening.Provenance
    /// When the next event replaced it; nil while it is in force.
    package var ended: RunInstant?
    /// Fragments sent while it was in force; a pause allows none.
    package var sentMeanwhile = 0
    /// The smallest gap between two sends while it was in force, in milliseconds.
    package var smallestSendGapMilliseconds: Double?
    /// Fragments under way when it came.
    package var inflightAtStart: Int?
    /// The fewest fragments under way while it was in force.
    package var inflightLowest: Int?
  }

  /// Events, oldest first.
  package internal(set) var entries: History<Entry>
  /// How many fragments may be in flight, as the newest session that said so negotiated; nil where none did.
  package internal(set) var sessionLimit: Int?
  /// Fragments under way, from the gauge.
  package internal(set) var inflight: Timed<Double>?
  /// Of how many streams that gauge is the sum.
  package internal(set) var streams = 1
  private var underWay: Int?
  private var lastSent: RunInstant?

  init(limits: StateLimits) {
    entries = History(limit: min(limits.points, 500))
  }

  /// What is in force now; nil when nothing was ever said.
  package var current: Entry? { entries.last.flatMap { $0.ended == nil ? $0 : nil } }

  /// Another session: what was asked in the one before holds no more; that nothing was, still does.
  mutating func noteNewSession(at instant: RunInstant) {
    if let current, current.event.action != .none { endCurrent(at: instant) }
    lastSent = nil
  }

  private mutating func endCurrent(at instant: RunInstant) {
    if let last = entries.indices.last, entries[last].ended == nil { entries[last].ended = max(instant, entries[last].at) }
  }

  /// Another process: nothing is asked of it yet, and nothing is in flight.
  mutating func noteRestart(at instant: RunInstant) {
    endCurrent(at: instant)
    lastSent = nil
    inflight = nil
    sessionLimit = nil
    underWay = nil
  }

  /// A good scrape without the gauge: what it said is history.
  mutating func noteInflightGone() { inflight = nil }

  mutating func note(_ event: BackpressureEvent, provenance: Happening.Provenance, at instant: RunInstant) {
    if let last = entries.indices.last, entries[last].ended == nil { entries[last].ended = instant }
    var entry = Entry(at: instant, event: event, provenance: provenance)
    entry.inflightAtStart = event.currentInflight ?? underWay ?? inflight.map { Int(max(0, min($0.value, 1e6))) }
    entry.inflightLowest = entry.inflightAtStart
    entries.append(entry)
    // A gap counts only between two sends under the same event.
    lastSent = nil
  }

  mutating func note(_ fragment: FragmentHappening, underWay count: Int, at instant: RunInstant) {
    underWay = count
    guard let last = entries.indices.last, entries[last].ended == nil, instant >= entries[last].at else { return }
    entries[last].inflightLowest = min(entries[last].inflightLowest ?? count, count)
    guard fragment.stage == .sent else { return }
    entries[last].sentMeanwhile += 1
    if let lastSent {
      let gap = instant.seconds(since: lastSent) * 1000
      entries[last].smallestSendGapMilliseconds = min(entries[last].smallestSendGapMilliseconds ?? gap, gap)
    }
    lastSent = instant
  }

  mutating func noteInflight(_ value: Double, at instant: RunInstant) {
    inflight = Timed(value, at: instant)
    guard underWay == nil, value.isFinite, let last = entries.indices.last, entries[last].ended == nil else { return }
    let count = Int(max(0, min(value, 1e6)))
    entries[last].inflightLowest = min(entries[last].inflightLowest ?? count, count)
  }
}
