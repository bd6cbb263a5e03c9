import Events
import PrometheusText

/// The run as it was at any moment of the last 15 minutes: snapshots, and between two of them the events.
///
/// Snapshots share the storage of their histories, so that one costs some 100 KB, not the whole state. They are taken every 5 s of run time;
/// older than 2.5 minutes every third is kept, so that there are at most about 85. Events are kept as they came; of scrapes, whose values are
/// what costs, at most 8 MB: with very large endpoints the timeline gets shorter instead, and ``oldest`` says how far it reaches.
package struct StateTimeline: Sendable {
  private struct Stretch: Sendable {
    /// The run before the first of its events.
    var start: RunState
    var startInstant: RunInstant
    var events: [EventEnvelope] = []
    var cost = 0
    var merged = 1
  }

  private var stretches: [Stretch] = []
  /// When the newest stretch began, and whether it holds an event; when the second began. Beside them: to look at a stretch is to copy it.
  private var newestStart: RunInstant?
  private var secondStart: RunInstant?
  private var cost = 0
  private var newestCost = 0
  /// How each service's newest scrape is built.
  private var shapes: [ServiceName: SeriesLayout] = [:]

  private static let spacingSeconds = 5.0
  private static let fineSeconds = 150.0
  private static let costLimit = 8_000_000
  /// A flood fills a stretch in less time than a stretch has: it ends early, so that what is too much can be let go.
  private static let stretchLimit = costLimit / 4
  private let keptSeconds: Double

  /// An empty timeline.
  /// - Parameter keptSeconds: how far back it reaches; 15 minutes by default.
  package init(keptSeconds: Double = 900) { self.keptSeconds = keptSeconds }

  /// The oldest moment that can be shown: at which something is known, not the empty state before the first event.
  package var oldest: RunInstant {
    guard let first = stretches.first else { return .zero }
    guard first.start.eventCount == 0 else { return first.startInstant }
    return first.events.first?.instant ?? first.startInstant
  }
  /// How many snapshots are kept.
  package var snapshotCount: Int { stretches.count }
  /// How many events are kept beside them.
  package var eventCount: Int { stretches.reduce(0) { $0 + $1.events.count } }

  /// Takes in one event and the run as it was before it.
  package mutating func note(_ event: EventEnvelope, before state: borrowing RunState) {
    if isDue(before: event) { begin(before: event, state) }
    note(event)
  }

  /// Whether a snapshot is to be taken before an event. Asked by itself, so that the state is handed over only then: to hand it over is to
  /// copy it.
  package func isDue(before event: EventEnvelope) -> Bool {
    let isDue = newestCost >= Self.stretchLimit || (newestStart.map { event.instant.seconds(since: $0) >= Self.spacingSeconds } ?? true)
    // A decision belongs to the event that decided it.
    return isDue && (event.number.part == 0 || stretches.isEmpty)
  }

  /// Takes a snapshot before an event.
  package mutating func begin(before event: EventEnvelope, _ state: borrowing RunState) {
    stretches.append(Stretch(start: copy state, startInstant: stretches.isEmpty ? state.now : event.instant))
    newestCost = 0
    thin(now: state.now)
    keepStarts()
  }

  /// Takes in one event, behind the newest snapshot.
  package mutating func note(_ event: EventEnvelope) {
    let weight = Self.weight(of: event) + weightOfShape(event)
    stretches[stretches.count - 1].events.append(event)
    stretches[stretches.count - 1].cost += weight
    cost += weight
    newestCost += weight
  }

  /// Lets go of what is too old, or too much.
  package mutating func trim(now: RunInstant) {
    while let second = secondStart, cost > Self.costLimit || now.seconds(since: second) > keptSeconds {
      cost -= stretches[0].cost
      stretches.removeFirst()
      keepStarts()
    }
  }

  private mutating func keepStarts() {
    newestStart = stretches.last?.startInstant
    secondStart = stretches.count > 1 ? stretches[1].startInstant : nil
  }

  /// The run as it was at a moment: the last snapshot before it and the events up to it, with time moved on to the moment itself.
  /// - Parameter live: the run as it is now.
  package func state(at instant: RunInstant, live: RunState) -> RunState {
    let instant = max(instant, oldest)
    guard instant < live.now, let index = stretches.lastIndex(where: { $0.startInstant <= instant }) else { return live }
    let stretch = stretches[index]
    var state = stretch.start
    var last: EventEnvelope?
    for event in stretch.events where event.instant <= instant {
      state.apply(event)
      last = event
    }
    guard instant > state.now, let wall = last?.wall ?? state.wallNow else { return state }
    let moved = WallTime(epochSeconds: wall.epochSeconds + instant.seconds(since: state.now))
    state.apply(EventEnvelope(number: state.newest, instant: instant, wall: moved, source: .harness, event: .tick))
    return state
  }

  /// Joins three old stretches to one: two snapshots go, the events stay.
  private mutating func thin(now: RunInstant) {
    let limit = now.advanced(bySeconds: -Self.fineSeconds)
    var index = 0
    while index + 3 < stretches.count, stretches[index + 3].startInstant < limit {
      if stretches[index].merged == 1, stretches[index + 1].merged == 1, stretches[index + 2].merged == 1 {
        for other in [stretches[index + 1], stretches[index + 2]] {
          stretches[index].events.append(contentsOf: other.events)
          stretches[index].cost += other.cost
          stretches[index].merged += 1
        }
        stretches.removeSubrange((index + 1)...(index + 2))
      }
      index += 1
    }
  }

  /// The names and labels of a scrape that is built otherwise than the one before, by the bytes of the page that they stood in.
  private mutating func weightOfShape(_ event: EventEnvelope) -> Int {
    guard case .sample(.metrics(let sample)) = event.event, shapes[sample.service] !== sample.scrape.layout else { return 0 }
    shapes[sample.service] = sample.scrape.layout
    return sample.byteCount
  }

  private static func weight(of event: EventEnvelope) -> Int {
    switch event.event {
    case .sample(.metrics(let sample)): 400 + sample.scrape.values.count * 8 + sample.signals.count * 96
    case .sample(.mediaPaths(let sample)): 300 + sample.paths.count * 400
    case .sample: 300
    case .logLines(let lines): 120 + lines.reduce(0) { $0 + 96 + $1.text.utf8.count }
    case .happening(let happening): 300 + (happening.line?.utf8.count ?? 0)
    case .verdict(let change): 300 + change.verdict.evidence.count * 120
    case .description: 2000
    case .sourceStatus, .tick: 120
    }
  }
}
