import RunModel

extension MonitorState {
  /// Takes in one action and says what the world has to do.
  /// - Parameters:
  ///   - action: what the user did, or what happened.
  ///   - run: the run as it shows now.
  package mutating func reduce(_ action: MonitorAction, in run: RunState) -> [MonitorEffect] {
    let effects = take(action, run.seen(by: self))
    let seen = run.seen(by: self)
    for view in Panes.all { view.keep(&self, seen) }
    return effects
  }

  private mutating func take(_ action: MonitorAction, _ run: RunState) -> [MonitorEffect] {
    switch action {
    case .command(let command):
      notice = nil
      // Who presses a key has seen what came meanwhile.
      if hasFocus { leftAt = nil }
      return perform(command, run)
    case .type(let character):
      guard let count = prompt?.text.count, count < Prompt.limit, !character.isNewline else { return [] }
      prompt?.text.append(character)
      promptChanged()
      return []
    case .paste(let text):
      guard let before = prompt?.text else { return [] }
      prompt?.text = String((before + text.prefix(Prompt.limit).filter { !$0.isNewline }).prefix(Prompt.limit))
      promptChanged()
      return []
    case .erase:
      if prompt?.text.isEmpty == false { prompt?.text.removeLast() }
      promptChanged()
      return []
    case .eraseAll:
      prompt?.text = ""
      promptChanged()
      return []
    case .submit: return submit(run)
    case .answer(let yes):
      open(.none)
      return yes ? [.quit] : []
    case .pressOverlay(let row):
      guard overlay == .palette || overlay == .faults else { return [] }
      guard overlayIndex == row else {
        overlayIndex = row
        return []
      }
      return perform(.enter, run)
    case .sortSeries(let order):
      guard click(.metrics) else { return [] }
      seriesOrder = order
      selection[.metrics] = nil
      notice = "all series by \(order.rawValue)"
      return []
    case .closeOverlay:
      open(.none)
      return []
    case .overlayDrawn(let end):
      overlayEnd = end
      overlayIndex = min(overlayIndex, end)
      return []
    case .focus(let pane):
      click(pane)
      return []
    case .select(let pane, let item, let instant):
      guard click(pane) else { return [] }
      selection[pane] = item
      if let instant { freeze(at: instant) }
      return []
    case .point(let pane, let instant):
      if click(pane) { freeze(at: instant) }
      return []
    case .goTo(let instant):
      freeze(at: instant)
      return []
    case .scroll(let pane, let rows):
      if overlay != .none { return moveInOverlay(rows, run) }
      setFocus(pane)
      move(rows, run)
      return []
    case .advanced(let now, let oldest):
      liveNow = max(liveNow, now)
      self.oldest = oldest
      if case .frozen(let instant) = time, instant < oldest { freeze(at: oldest) }
      return []
    case .feedEnded(let reason):
      feedEnded = reason
      return []
    case .notice(let text):
      notice = text
      return []
    case .layout(let choice):
      layout = choice
      return []
    case .ground(let ground):
      adopt(ground)
      return []
    case .played(let seconds):
      play(seconds)
      return []
    case .recorded(let recording):
      self.recording = recording
      return []
    case .focusWindow(let hasFocus):
      focusWindow(hasFocus)
      return []
    }
  }

  /// A pane was clicked. What has come over the panes since they were drawn closes, and nothing below it is hit.
  /// - Returns: whether the pane was hit.
  @discardableResult private mutating func click(_ pane: Pane) -> Bool {
    guard overlay == .none else {
      open(.none)
      return false
    }
    setFocus(pane)
    return true
  }

  mutating func submit(_ run: RunState) -> [MonitorEffect] {
    guard let finished = prompt else { return [] }
    if finished.purpose == .command { return doFound(run) }
    prompt = nil
    switch finished.purpose {
    case .filter:
      filter = finished.text
      return []
    case .search:
      search = finished.text
      findMatch(-1, run)
      return []
    case .command: return []
    case .mark:
      return finished.text.isEmpty ? [] : [.mark(finished.text)]
    }
  }

  /// A filter works while it is typed.
  private mutating func promptChanged() {
    if let prompt, prompt.purpose == .filter { filter = prompt.text }
    // What was typed chooses among others, and the first of them.
    if overlay == .palette { overlayIndex = 0 }
  }
}
