extension MonitorState {
  /// Another preset, around the end.
  mutating func changePreset(_ step: Int) -> [MonitorEffect] {
    let all = ScreenPreset.all
    let index = all.firstIndex { $0.name == layout.preset } ?? 0
    let next = all[((index + step) % all.count + all.count) % all.count]
    layout.preset = next.name
    isZoomed = false
    notice = "layout \(next.name): \(next.sentence)"
    return [.remember(layout)]
  }

  /// Takes the focused pane off the screen; the focus goes to the next one.
  mutating func hidePane() -> [MonitorEffect] {
    let shown = Pane.allCases.filter { !layout.hides($0) }
    guard shown.count > 1 else {
      notice = "the last pane cannot be hidden"
      return [.bell]
    }
    let pane = focus
    layout.hidden.insert(pane.name)
    layout.pinned.remove(pane.name)
    isZoomed = false
    cycleFocus(1)
    notice = "pane \(pane.number) is hidden: \(bindings.text(for: .showPanes)) brings all back, \(pane.number) shows it for a look"
    return [.remember(layout)]
  }

  /// Gives the focused pane room whatever it has to say, or no more.
  mutating func pinPane() -> [MonitorEffect] {
    let isPinned = layout.pinned.remove(focus.name) != nil
    if !isPinned {
      layout.pinned.insert(focus.name)
      layout.hidden.remove(focus.name)
    }
    notice = isPinned ? "pane \(focus.number) has room by what it has to say" : "pane \(focus.number) keeps its room"
    return [.remember(layout)]
  }

  /// Every pane shows, none is pinned.
  mutating func showAllPanes() -> [MonitorEffect] {
    layout.hidden = []
    layout.pinned = []
    notice = "every pane shows"
    return [.remember(layout)]
  }

  /// The focus goes to a pane so many places further that is not hidden.
  mutating func cycleFocus(_ step: Int) {
    var next = focus
    for _ in Pane.allCases {
      next = Panes.pane(step, from: next)
      if !layout.hides(next) { break }
    }
    setFocus(next)
  }
}
