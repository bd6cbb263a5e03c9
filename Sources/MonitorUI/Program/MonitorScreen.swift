import Events
import RunModel
import TerminalCanvas

/// What the loop holds: the run as it was last asked for, what the user looks at, and the last frame.
struct MonitorScreen {
  private(set) var live = RunState()
  private(set) var ui: MonitorState
  private var size: Size
  private let glyphs: GlyphSet
  private var frozen: (instant: RunInstant, run: RunState)?
  private var last: Canvas?
  private var lastFrame: Frame?
  private var lastTitle: String?
  /// The moment that shows first, until it does.
  private var begin: RunInstant?
  /// How far the run has come, and how far the one has that is held here.
  private var told = RunProgress()
  private var held = RunProgress()

  /// Whether anything changed since the last frame.
  private(set) var needsFrame = true
  /// Whether what changed should show at once.
  private(set) var isUrgent = true
  /// Whether the user did something: the next frame is the answer to it.
  private(set) var isAnswer = false
  /// Whether news of the run would bring the next frame forward: not while an earlier moment shows, nor when it is due at once anyway.
  var canBeHurried: Bool { !isUrgent && ui.time == .live }

  init(options: MonitorOptions, size: Size, capabilities: TerminalCapabilities) {
    ui = options.initial
    begin = options.begin
    self.size = size
    glyphs = options.glyphs ?? capabilities.glyphs
    ui.adopt(capabilities)
  }

  /// The run at the moment shown.
  var shown: RunState {
    switch ui.time {
    case .live: live
    case .frozen: frozen?.run ?? live
    }
  }

  /// The run as it is by now, while an earlier moment shows.
  private var ahead: RunState? { ui.time == .live ? nil : live }

  /// Hears how far the run has come.
  /// - Returns: whether more is violated than before.
  mutating func note(_ progress: RunProgress, isNews: Bool) -> Bool {
    defer { told = progress }
    needsFrame = true
    if isNews, ui.time == .live { isUrgent = true }
    return progress.violated > told.violated
  }

  /// Takes the run as it is, where it has gone on.
  mutating func catchUp(with feed: any RunFeed) async {
    guard told.revision > held.revision else { return }
    let moment = await feed.moment()
    live = moment.run
    held = moment.progress
    _ = ui.reduce(.advanced(now: live.now, oldest: moment.oldest), in: shown)
    if let begin {
      self.begin = nil
      _ = ui.reduce(.goTo(begin), in: shown)
    }
    await lookBack(in: feed)
  }

  /// Takes the earlier moment that the user looks at, where it is another one than before.
  mutating func lookBack(in feed: any RunFeed) async {
    guard case .frozen(let instant) = ui.time else {
      frozen = nil
      return
    }
    if frozen?.instant != instant { frozen = (instant, await feed.state(at: instant)) }
  }

  mutating func resize(_ size: Size) {
    self.size = size
    isAnswer = true
    forget()
  }

  /// The next frame is presented whatever it holds.
  mutating func forget() {
    last = nil
    needsFrame = true
    isUrgent = true
  }

  mutating func take(_ input: TerminalInput) -> [MonitorEffect] {
    isAnswer = true
    return switch input {
    case .key(let key): ui.action(for: key).map { reduce($0) } ?? []
    case .mouse(let event): lastFrame?.action(for: event).map { reduce($0) } ?? []
    case .paste(let text): reduce(.paste(text))
    case .background(let ground): reduce(.ground(ground))
    case .focus(let hasFocus): reduce(.focusWindow(hasFocus))
    case .resize, .resumed, .signal, .closed: []
    }
  }

  mutating func reduce(_ action: MonitorAction) -> [MonitorEffect] {
    needsFrame = true
    isUrgent = true
    return ui.reduce(action, in: shown)
  }

  /// The colours of a picture of it.
  var palette: FramePalette { ui.theme.picture(on: ui.surface.ground) }

  /// The frame as it is now.
  var current: Canvas { MonitorView.render(run: shown, ui: ui, size: size, glyphs: glyphs, ahead: ahead) }

  /// The window's title; nil when it is the last one.
  mutating func nextTitle() -> String? {
    let title = WindowTitle.text(live)
    guard title != lastTitle else { return nil }
    lastTitle = title
    return title
  }

  /// The next frame; nil when it looks like the last one.
  mutating func render() -> Canvas? {
    needsFrame = false
    isUrgent = false
    isAnswer = false
    let frame = MonitorView.frame(run: shown, ui: ui, size: size, glyphs: glyphs, ahead: ahead)
    lastFrame = frame
    if let end = frame.overlayEnd { _ = ui.reduce(.overlayDrawn(end: end), in: shown) }
    guard frame.canvas != last else { return nil }
    last = frame.canvas
    return frame.canvas
  }
}
