import Events
import RunModel

extension MonitorState {
  /// Does what a key does.
  mutating func perform(_ action: Command.Action, _ run: RunState) -> [MonitorEffect] {
    switch action {
    case .quit: return quit(run)
    case .toggle(let kind): toggle(kind)
    case .palette: openPalette()
    case .pause: togglePause()
    case .time(let steps): step(steps)
    case .live: goLive()
    case .oldest: freeze(at: oldest)
    case .scale(let places): changeScale(places)
    case .focus(let pane): setFocus(pane)
    case .cycle(let places): cycleFocus(places)
    case .preset(let places): return changePreset(places)
    case .hidePane: return hidePane()
    case .pinPane: return pinPane()
    case .showPanes: return showAllPanes()
    case .alternate(let pane): setFocus(focus == pane ? previousFocus : pane)
    case .enter: return enter(run)
    case .zoom: isZoomed.toggle()
    case .back: back()
    case .move(let rows): return vertical(rows, run)
    case .first: return vertical(-1_000_000, run)
    case .last:
      if overlay == .none, Panes[focus]?.follows == true { selection[focus] = nil } else { return vertical(1_000_000, run) }
    case .ask(let purpose): ask(purpose)
    case .problem(let direction): findProblem(direction, run)
    case .gravity: nextGravity()
    case .match(let direction): findMatch(direction, run)
    case .rawLogs:
      showsRawLogs.toggle()
      selection[.events] = nil
      setFocus(.events)
      notice = showsRawLogs ? "raw logs, \(bindings.text(for: .nextLog)) for the next service" : "events"
    case .wrap:
      wraps.toggle()
      sideways = 0
      notice = wraps ? "long lines go on in the next row" : "long lines are cut; , and . scroll them"
    case .sideways(let columns):
      wraps = false
      sideways = min(max(0, sideways + columns), Self.mostSideways)
      notice = sideways == 0 ? "lines from their beginning" : "lines from column \(sideways + 1)"
    case .nextLog: nextLog(run)
    case .stream(let places): changeStream(places, run)
    case .worker(let places): changeWorker(places, run)
    case .sort:
      let all = SeriesOrder.allCases
      let index = all.firstIndex(of: seriesOrder) ?? 0
      seriesOrder = all[(index + 1) % all.count]
      let place = isZoomed && focus == .metrics ? "" : ": pane \(Pane.metrics.number) shows them when it is zoomed"
      notice = "all series by \(seriesOrder.rawValue)\(place)"
    case .copy(let rows): return copy(rows, run)
    case .save: return [.saveFrame]
    case .theme:
      theme = theme.next
      followsGround = false
      notice = "theme \(theme.rawValue)"
    case .mouse:
      capturesMouse.toggle()
      notice = capturesMouse ? "mouse on" : "mouse off: the terminal selects text"
      return [.setMouseCapture(capturesMouse)]
    case .utc:
      usesUTC.toggle()
      notice = usesUTC ? "times are UTC" : "times are local"
    case .suspend: return [.suspend]
    case .redraw: return [.redraw]
    case .transport(let step): move(step, run)
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
    open(.confirmQuit)
    return []
  }

  private mutating func toggle(_ kind: Overlay) { open(overlay == kind ? .none : kind) }

  private mutating func enter(_ run: RunState) -> [MonitorEffect] {
    switch overlay {
    case .help:
      open(.none)
      return []
    case .confirmQuit: return []
    case .palette: return submit(run)
    case .faults:
      let faults = run.description?.faults ?? []
      guard faults.indices.contains(overlayIndex), case let fault = faults[overlayIndex] else { return [] }
      if let reason = fault.unavailableReason {
        notice = "not available: \(reason)"
        return [.bell]
      }
      open(.none)
      guard !isReplay else {
        notice = "a recording cannot be changed: nothing is injected"
        return [.bell]
      }
      notice = "injecting: \(fault.title)"
      return [.injectFault(id: fault.id)]
    case .none:
      let items = list(of: focus, run)
      guard let item = items.selected(selection[focus]) else {
        isZoomed.toggle()
        return []
      }
      selection[focus] = item.id
      open(.detail)
      return []
    case .detail:
      open(.none)
      if let instant = selectedItem(run)?.instant { freeze(at: instant) }
      return []
    }
  }

  /// More than the columns of any line that is kept.
  private static let mostSideways = 4096

  private mutating func back() {
    if overlay == .palette {
      open(.none)
    } else if prompt != nil {
      if let prompt, prompt.purpose == .filter { filter = prompt.before }
      prompt = nil
    } else if overlay != .none {
      open(.none)
    } else if selection[focus] != nil {
      selection[focus] = nil
    } else if isZoomed {
      isZoomed = false
    } else if !filter.isEmpty {
      filter = ""
    } else if gravity != .none {
      gravity = .none
    } else if !isReplay {
      goLive()
    }
  }

  private mutating func nextLog(_ run: RunState) {
    let tabs = run.logTabs
    guard !tabs.isEmpty else {
      notice = "no service's log is followed"
      return
    }
    let index = logService.flatMap { tabs.firstIndex(of: $0) } ?? 0
    logService = showsRawLogs ? tabs[(index + 1) % tabs.count] : tabs[index]
    showsRawLogs = true
    selection[.events] = nil
    notice = logService.map { "raw log of \($0)" }
  }
}
