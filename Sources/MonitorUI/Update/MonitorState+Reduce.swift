import HarnessModel

extension MonitorState {
  /// Takes in one action and says what the world has to do.
  /// - Parameters:
  ///   - action: what the user did, or what happened.
  ///   - run: the run as it shows now.
  public mutating func reduce(_ action: MonitorAction, in run: RunState) -> [MonitorEffect] {
    let effects = take(action, run)
    for view in Panes.all { view.keep(&self, run) }
    return effects
  }

  private mutating func take(_ action: MonitorAction, _ run: RunState) -> [MonitorEffect] {
    switch action {
    case .command(let command):
      notice = nil
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
      overlay = .none
      return yes ? [.quit] : []
    case .focus(let pane):
      setFocus(pane)
      return []
    case .select(let pane, let item, let instant):
      setFocus(pane)
      selection[pane] = item
      if let instant { freeze(at: instant) }
      return []
    case .goTo(let instant):
      freeze(at: instant)
      return []
    case .point(let pane, let instant):
      setFocus(pane)
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
    }
  }

  private mutating func perform(_ command: MonitorCommand, _ run: RunState) -> [MonitorEffect] {
    switch command {
    case .quit: return quit(run)
    case .help: toggle(.help)
    case .pause: togglePause()
    case .timeBack: step(-1)
    case .timeForward: step(1)
    case .timeBackFar: step(-10)
    case .timeForwardFar: step(10)
    case .live: goLive()
    case .timeStart: freeze(at: oldest)
    case .zoomTimeIn: setWindow(max(0, windowIndex - 1))
    case .zoomTimeOut: setWindow(min(Self.windows.count - 1, windowIndex + 1))
    case .focusNext: setFocus(Panes.pane(1, from: focus))
    case .focusPrevious: setFocus(Panes.pane(-1, from: focus))
    case .focus1, .focus2, .focus3, .focus4, .focus5, .focus6, .focus7, .focus8:
      if let pane = command.pane { setFocus(pane) }
    case .enter: return enter(run)
    case .zoom: isZoomed.toggle()
    case .back: back()
    case .up: return vertical(-1, run)
    case .down: return vertical(1, run)
    case .pageUp: return vertical(-10, run)
    case .pageDown: return vertical(10, run)
    case .first: return vertical(-1_000_000, run)
    case .last:
      if overlay == .none, Panes[focus]?.follows == true { selection[focus] = nil } else { return vertical(1_000_000, run) }
    case .filter: prompt = Prompt(purpose: .filter, text: filter)
    case .search: prompt = Prompt(purpose: .search, text: "")
    case .nextMatch: findMatch(1, run)
    case .previousMatch: findMatch(-1, run)
    case .faults: toggle(.faults)
    case .verdict: setFocus(focus == .verdict ? previousFocus : .verdict)
    case .rawLogs:
      showsRawLogs.toggle()
      selection[.events] = nil
      setFocus(.events)
    case .nextTab: nextTab(run)
    case .nextStream: changeStream(1, run)
    case .previousStream: changeStream(-1, run)
    case .sort:
      let all = SeriesOrder.allCases
      let index = all.firstIndex(of: seriesOrder) ?? 0
      seriesOrder = all[(index + 1) % all.count]
    case .mark: prompt = Prompt(purpose: .mark, text: "")
    case .copy: return copy(run)
    case .save: return [.saveFrame]
    case .theme: theme = theme.next
    case .mouse:
      capturesMouse.toggle()
      notice = capturesMouse ? "mouse on" : "mouse off: the terminal selects text"
      return [.setMouseCapture(capturesMouse)]
    case .utc: usesUTC.toggle()
    case .suspend: return [.suspend]
    case .redraw: return [.redraw]
    }
    return []
  }

  private mutating func quit(_ run: RunState) -> [MonitorEffect] {
    let isRunning: Bool
    switch run.environment?.value {
    case .starting, .ready, .running: isRunning = true
    case .stopped, .failed, nil: isRunning = false
    }
    guard ownsEnvironment, isRunning, run.ended == nil, feedEnded == nil, overlay != .confirmQuit else { return [.quit] }
    overlay = .confirmQuit
    return []
  }

  private mutating func submit(_ run: RunState) -> [MonitorEffect] {
    guard let finished = prompt else { return [] }
    prompt = nil
    switch finished.purpose {
    case .filter:
      filter = finished.text
      return []
    case .search:
      search = finished.text
      findMatch(-1, run)
      return []
    case .mark:
      return finished.text.isEmpty ? [] : [.mark(finished.text)]
    }
  }

  /// A filter works while it is typed.
  private mutating func promptChanged() {
    if let prompt, prompt.purpose == .filter { filter = prompt.text }
  }

  private mutating func toggle(_ kind: Overlay) {
    overlay = overlay == kind ? .none : kind
    overlayIndex = 0
  }

  private mutating func enter(_ run: RunState) -> [MonitorEffect] {
    switch overlay {
    case .help:
      overlay = .none
      return []
    case .confirmQuit: return []
    case .faults:
      let faults = run.description?.faults ?? []
      guard faults.indices.contains(overlayIndex) else { return [] }
      if let reason = faults[overlayIndex].unavailableReason {
        notice = "not available: \(reason)"
        return [.bell]
      }
      overlay = .none
      notice = "injecting: \(faults[overlayIndex].title)"
      return [.injectFault(id: faults[overlayIndex].id)]
    case .none:
      let items = list(of: focus, run)
      guard let item = items.selected(selection[focus]) else {
        isZoomed.toggle()
        return []
      }
      if Panes[focus]?.opensItems(of: run) == true { isZoomed = true }
      if let instant = item.instant { freeze(at: instant) }
      return []
    }
  }

  private mutating func back() {
    if prompt != nil {
      if prompt?.purpose == .filter { filter = "" }
      prompt = nil
    } else if overlay != .none {
      overlay = .none
    } else if selection[focus] != nil {
      selection[focus] = nil
    } else if isZoomed {
      isZoomed = false
    } else if !filter.isEmpty {
      filter = ""
    } else {
      goLive()
    }
  }

  private func copy(_ run: RunState) -> [MonitorEffect] {
    let items = list(of: focus, run)
    guard let item = items.selected(selection[focus]) ?? items.items.last else { return [.bell] }
    return [.copy(item.text)]
  }

  private mutating func nextTab(_ run: RunState) {
    let tabs = run.logTabs
    guard !tabs.isEmpty else { return }
    let index = logService.flatMap { tabs.firstIndex(of: $0) } ?? 0
    logService = showsRawLogs ? tabs[(index + 1) % tabs.count] : tabs[index]
    showsRawLogs = true
    selection[.events] = nil
  }
}
