import Events
import RunModel

extension MonitorState {
  mutating func setFocus(_ pane: Pane) {
    if focus != pane { previousFocus = focus }
    focus = pane
  }

  /// Shows an earlier moment. The axes stay where they are as long as it lies on them; else they move so that both sides of it show.
  mutating func freeze(at instant: RunInstant) {
    let target = min(max(instant, oldest), liveNow)
    var start = pausedAxisStart ?? max(0, liveNow.seconds - windowSeconds)
    if target.seconds < start { start = max(0, target.seconds - windowSeconds / 4) }
    if target.seconds > start + windowSeconds { start = target.seconds - windowSeconds * 3 / 4 }
    pausedAxisStart = start
    time = .frozen(target)
  }

  mutating func goLive() {
    // A recording has no moment but those that were.
    guard !isReplay else { return freeze(at: liveNow) }
    time = .live
    pausedAxisStart = nil
  }

  mutating func togglePause() {
    guard transport == nil else { return togglePlay() }
    switch time {
    case .live: freeze(at: liveNow)
    case .frozen: goLive()
    }
  }

  /// Another time scale; the time cursor keeps its place on the screen.
  mutating func setWindow(_ index: Int) {
    let before = windowSeconds
    windowIndex = index
    guard let cursor, let start = pausedAxisStart else { return }
    let share = min(max((cursor.seconds - start) / before, 0), 1)
    // No further than it is now: axes that reach into the future show nothing there.
    let last = max(0, liveNow.seconds - windowSeconds)
    pausedAxisStart = min(max(0, cursor.seconds - share * windowSeconds), last)
  }

  /// A finer time scale, or a coarser one, as far as there are.
  mutating func changeScale(_ places: Int) {
    let index = min(max(0, windowIndex + places), Self.windows.count - 1)
    let end = index != windowIndex ? "" : places < 0 ? ", the finest there is" : ", the coarsest there is"
    setWindow(index)
    let seconds = Int(windowSeconds)
    notice = "time axes show \(seconds < 120 ? "\(seconds) s" : "\(seconds / 60) min")\(end)"
  }

  /// Another stream, around the end.
  mutating func changeStream(_ step: Int, _ run: RunState) {
    let names = run.streams.all.map(\.name)
    guard let shown = run.shownStream(stream)?.name, let index = names.firstIndex(of: shown) else {
      notice = "no stream is probed"
      return
    }
    let next = names[((index + step) % names.count + names.count) % names.count]
    stream = next
    selection[.sync] = nil
    notice = names.count == 1 ? "only one stream is probed: \(next)" : "stream \(next)"
  }

  /// Another worker, or another of its streams, around the end.
  mutating func changeWorker(_ step: Int, _ run: RunState) {
    let lanes = run.workerLanes
    guard lanes.count > 1 else {
      notice = "only one worker with one stream is read"
      return
    }
    let index = worker.flatMap { lanes.firstIndex(of: $0) } ?? 0
    worker = lanes[((index + step) % lanes.count + lanes.count) % lanes.count]
    for view in Panes.all where view.isOfWorker { selection[view.pane] = nil }
    notice = worker.map { "figures of \($0)" }
  }

  /// One step is a sixtieth of the axis, at least half a second. Going forward past the newest moment does not return to live by itself.
  mutating func step(_ count: Int) {
    let seconds = max(0.5, windowSeconds / 60)
    freeze(at: shownInstant.advanced(bySeconds: Double(count) * seconds))
  }

  mutating func vertical(_ rows: Int, _ run: RunState) -> [MonitorEffect] {
    if overlay != .none { return moveInOverlay(rows, run) }
    move(rows, run)
    return []
  }

  mutating func moveInOverlay(_ rows: Int, _ run: RunState) -> [MonitorEffect] {
    let last: Int
    switch overlay {
    case .none, .confirmQuit: last = 0
    // Only who draws the lines knows how many there are; before that it is brought back by what was drawn.
    case .detail, .help: last = overlayEnd ?? .max
    case .palette: last = foundCommands.count - 1
    case .faults: last = (run.description?.faults.count ?? 0) - 1
    }
    let target = overlayIndex.addingReportingOverflow(rows)
    overlayIndex = min(max(0, target.overflow ? .max : target.partialValue), max(0, last))
    return []
  }

  /// Lays something over the panes, from its first line on; ``Overlay/none`` closes what lies there.
  mutating func open(_ overlay: Overlay) {
    // What is typed to choose a command goes with the list of them.
    if self.overlay == .palette { prompt = nil }
    self.overlay = overlay
    overlayIndex = 0
    overlayEnd = nil
  }

  /// Moves the selection of the focused pane. A list that follows begins at its end, every other at its start.
  mutating func move(_ rows: Int, _ run: RunState) {
    let list = list(of: focus, run)
    let items = list.items
    let follows = Panes[focus]?.follows == true
    guard !items.isEmpty else {
      selection[focus] = nil
      return
    }
    guard let selected = selection[focus] else {
      let start = follows || rows < 0 ? items.count - 1 : 0
      let extra = follows ? rows + 1 : rows - rows.signum()
      selection[focus] = items[min(max(0, start + (rows.magnitude > 1 ? extra : 0)), items.count - 1)].id
      return
    }
    // A selected row may be gone, filtered away or too old: the nearest one after it stands in.
    let index = list.position(selected) ?? items.count - 1
    let target = index + rows
    if follows, target >= items.count {
      selection[focus] = nil
      return
    }
    selection[focus] = items[min(max(0, target), items.count - 1)].id
  }
}
