import HarnessModel
import TerminalCanvas

/// What the loop holds: the run over time, what the user looks at, and the last frame. Without any waiting, so that it can be tested alone.
struct MonitorScreen {
  private(set) var timeline: StateTimeline
  private(set) var ui: MonitorState
  private var size: Size
  private let glyphs: GlyphSet
  private let showsColors: Bool
  private var frozen: (instant: RunInstant, run: RunState)?
  private var last: Canvas?
  private var lastFrame: Frame?
  private var seenRows = 0

  /// Whether anything changed since the last frame.
  private(set) var needsFrame = true
  /// Whether what changed should show at once.
  private(set) var isUrgent = true

  init(options: MonitorOptions, size: Size, capabilities: TerminalCapabilities) {
    timeline = StateTimeline(RunState(limits: options.limits), keptSeconds: options.limits.windowSeconds)
    ui = options.initial
    self.size = size
    glyphs = options.glyphs ?? capabilities.glyphs
    showsColors = capabilities.colors > .none
    if !showsColors { ui.theme = .none }
  }

  /// The run at the moment shown.
  var shown: RunState {
    switch ui.time {
    case .live: timeline.live
    case .frozen: frozen?.run ?? timeline.live
    }
  }

  /// The run as it is by now, while an earlier moment shows.
  private var ahead: RunState? { ui.time == .live ? nil : timeline.live }

  mutating func apply(_ batch: EventBatch) {
    timeline.apply(batch)
    _ = reduceQuietly(.advanced(now: timeline.live.now, oldest: timeline.oldest))
    needsFrame = true
    let rows = timeline.live.rows.total
    if rows != seenRows, ui.time == .live { isUrgent = true }
    seenRows = rows
  }

  mutating func resize(_ size: Size) {
    self.size = size
    forget()
  }

  /// The next frame is presented whatever it holds.
  mutating func forget() {
    last = nil
    needsFrame = true
    isUrgent = true
  }

  mutating func take(_ input: TerminalInput) -> [MonitorEffect] {
    switch input {
    case .key(let key): ui.action(for: key).map { reduce($0) } ?? []
    case .mouse(let event): lastFrame?.action(for: event).map { reduce($0) } ?? []
    case .paste(let text): reduce(.paste(text))
    case .resize, .resumed, .signal, .closed: []
    }
  }

  mutating func reduce(_ action: MonitorAction) -> [MonitorEffect] {
    needsFrame = true
    isUrgent = true
    return reduceQuietly(action)
  }

  private mutating func reduceQuietly(_ action: MonitorAction) -> [MonitorEffect] {
    let effects = ui.reduce(action, in: shown)
    if case .frozen(let instant) = ui.time {
      if frozen?.instant != instant { frozen = (instant, timeline.state(at: instant)) }
    } else {
      frozen = nil
    }
    return effects
  }

  /// The frame as it is now.
  var current: Canvas { MonitorView.render(run: shown, ui: ui, size: size, glyphs: glyphs, ahead: ahead) }

  /// The next frame; nil when it looks like the last one.
  mutating func render() -> Canvas? {
    needsFrame = false
    isUrgent = false
    let frame = MonitorView.frame(run: shown, ui: ui, size: size, glyphs: glyphs, ahead: ahead)
    lastFrame = frame
    guard frame.canvas != last else { return nil }
    last = frame.canvas
    return frame.canvas
  }
}
