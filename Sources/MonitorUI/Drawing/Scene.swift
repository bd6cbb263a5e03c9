import Contracts
import Events
import RunModel
import TerminalCanvas

/// All that a frame is made of: the run at the moment shown, what the user looks at, and how things are drawn.
struct Scene: Sendable {
  let run: RunState
  let ui: MonitorState
  let glyphs: GlyphSet
  /// Columns of the whole screen.
  var screenWidth = 0
  /// The run as it is by now, while an earlier moment shows: what axes draw right of the time cursor. Figures and states are never taken
  /// from it.
  var ahead: RunState?
  /// What is wrong at the moment shown, worst first.
  let alarms: [Alarm]

  init(run: RunState, ui: MonitorState, glyphs: GlyphSet, screenWidth: Int = 0, ahead: RunState? = nil) {
    self.run = run.seen(by: ui)
    self.ui = ui
    self.glyphs = glyphs
    self.screenWidth = screenWidth
    self.ahead = ahead?.seen(by: ui)
    alarms = run.alarms
  }

  var now: RunInstant { run.now }
  var thresholds: Thresholds { run.thresholds }

  /// The left edge of every time axis, in seconds on the run's axis: live, axes fill from the left until they are full, then they move;
  /// paused, they stand still and the time cursor moves over them.
  var axisStart: Double { ui.pausedAxisStart ?? max(0, run.now.seconds - ui.windowSeconds) }
  /// The right edge.
  var axisEnd: Double { axisStart + ui.windowSeconds }
  /// Where the time cursor stands on every axis, in seconds; nil while live.
  var cursor: Double? { ui.cursor?.seconds }
  /// Laid over what stands in the cursor's column.
  var cursorStyle: Style { style(.cursor) }

  /// What a time axis draws of a history: all of its span, also what came after the time cursor.
  func course<Value>(_ history: (RunState) -> History<Timed<Value>>?) -> [Timed<Value>] {
    let first = RunInstant(seconds: axisStart)
    let last = RunInstant(seconds: axisEnd)
    var points = history(run).map { Array($0.slice(from: first, through: last)) } ?? []
    guard let ahead, let later = history(ahead) else { return points }
    points += later.slice(from: first, through: last).drop { $0.at <= now }
    return points
  }

  /// The run that knows what came after the cursor, where one does.
  var newest: RunState { ahead ?? run }

  func style(_ role: Role) -> Style { ui.theme.style(role, on: ui.surface) }

  /// A text as the terminal's glyphs can spell it, so that its width is known before it is placed.
  func span(_ text: String, _ role: Role = .text) -> Span { Span(glyphs.spelled(text), style(role)) }

  /// A span of time behind an axis: a shade, or where there are none a glyph in every cell that is empty.
  func band(from start: Double, to end: Double, mark: Character? = nil) -> TimeBand {
    let background = ui.theme.faultBand(on: ui.surface)
    return TimeBand(
      start: start, end: end, background: background, fill: background == nil ? Span(String(glyphs.shade), style(.dim)) : nil, mark: mark,
      style: style(.mark))
  }

  /// Injected faults, as bands behind every axis.
  var bands: [TimeBand] { bands(marked: true) }

  /// The bands; their marks belong to one row of a pane only.
  func bands(marked: Bool) -> [TimeBand] {
    newest.faults.map { fault in
      band(from: fault.began.seconds, to: fault.ended?.seconds ?? newest.now.seconds, mark: marked ? glyphs.fault : nil)
    }
  }

  /// Seconds to add to a UTC time for the screen.
  private var offset: Double { ui.usesUTC ? 0 : Double(run.description?.localUTCOffsetSeconds ?? 0) }

  /// The time of day of a moment of the run; before the run is described, the time since it began.
  func clock(_ instant: RunInstant, digits: Int = 0) -> String { run.clock(instant, isUTC: ui.usesUTC, digits: digits) }

  /// The time of day now.
  var wallClock: String? {
    run.wallNow.map { Format.timeOfDay($0.epochSeconds + offset) + (ui.usesUTC ? "Z" : "") }
  }

  /// Whether something is so new that what came of it still counts for the layout.
  func isRecent(_ instant: RunInstant?) -> Bool { instant.map { now.seconds(since: $0) < PaneDemand.quietSeconds } ?? false }

  /// Whether a change is so new that its pane is lit up: a second of who watches.
  func isNews(_ instant: RunInstant?) -> Bool { instant.map { now.seconds(since: $0) < max(1, run.speed) } ?? false }

  /// How often a source is read, in seconds.
  func interval(_ kind: SourceKind, _ service: ServiceName) -> Double { run.interval(kind, service) }

  /// How old the last scrape of the worker is, in seconds, when it is too old to be shown as current.
  var metricsStaleSeconds: Double? { run.metricsStaleSeconds }

  /// How old what the service claims of A/V sync is, in seconds, when it is too old to be shown as current or no longer exposed.
  var claimStaleSeconds: Double? {
    metricsStaleSeconds ?? run.metrics.signals[.syncClaim]?.goneAt.map { now.seconds(since: $0) }
  }

  /// Whether anything tells what the worker does: its log, or one of these signals. Without, silence is no good news.
  func workerTells(_ signals: SignalID...) -> Bool { run.workerTells(signals) }

  /// "not known for 12 s", while nothing is heard of the worker; nil while it is, and before anything was.
  var unknownWords: String? { run.workerUnknownSeconds.map { "not known for \(Format.wholeAge($0))" } }

  /// Periods without the times of which it is not known what the worker did.
  func known(_ periods: [Lane.Period]) -> [Lane.Period] {
    newest.workerGaps.reduce(periods) { left, gap in
      left.flatMap { period -> [Lane.Period] in
        let end = period.end ?? newest.now.seconds
        guard gap.from.seconds < end, gap.to.seconds > period.start else { return [period] }
        var before = period
        before.end = gap.from.seconds
        var after = period
        after.start = gap.to.seconds
        return (gap.from.seconds > period.start ? [before] : []) + (gap.to.seconds < end ? [after] : [])
      }
    }
  }

  func glyph(_ severity: EventRow.Severity) -> Span {
    switch severity {
    case .routine: Span(" ")
    case .info: span(glyphs == .unicode ? "·" : "-", .info)
    case .good: span(String(glyphs.good), .good)
    case .warning: span(String(glyphs.warning), .warning)
    case .bad: span(String(glyphs.bad), .bad)
    }
  }

  func role(_ severity: EventRow.Severity) -> Role {
    switch severity {
    case .routine, .info, .good: .text
    case .warning: .warning
    case .bad: .bad
    }
  }

  /// "✓" or "✗" with its colour.
  func verdict(_ good: Bool) -> Span { good ? span(glyphs.check, .good) : span(String(glyphs.bad), .bad) }
}

extension RunState {
  /// The time of day of a moment, local or UTC; before the run is described, the time since it began.
  func clock(_ instant: RunInstant, isUTC: Bool, digits: Int = 0) -> String {
    guard let description else { return Format.elapsed(instant.seconds) }
    let offset = isUTC ? 0 : Double(description.localUTCOffsetSeconds)
    return Format.timeOfDay(description.startedAt.epochSeconds + instant.seconds + offset, digits: digits)
  }
}
