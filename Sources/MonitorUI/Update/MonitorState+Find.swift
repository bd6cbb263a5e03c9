import Events
import RunModel

/// What finds rows.
extension MonitorState {
  /// Asks for a line of text. A filter goes to the focused pane; where that filters no rows, to the events.
  mutating func ask(_ purpose: Prompt.Purpose) {
    if purpose == .filter, Panes[focus]?.filters(self) != true { setFocus(.events) }
    let text = purpose == .filter ? filter : ""
    prompt = Prompt(purpose: purpose, text: text, before: text)
  }

  /// The next row after the selection, or before it, that contains the searched text; says which of how many it is.
  mutating func findMatch(_ direction: Int, _ run: RunState) {
    let wanted = search.isEmpty ? filter : search
    guard !wanted.isEmpty else {
      notice = "nothing to search for: \(bindings.text(for: .ask(.search))) asks for a text"
      return
    }
    let needle = Needle(wanted)
    let list = list(of: focus, run)
    let hits = list.items.indices.filter { needle.isIn(list.items[$0].text) }
    guard let found = next(hits, list, direction) else {
      notice = "no \(direction > 0 ? "later" : "earlier") row contains \"\(wanted)\"; rows that do: \(hits.count)"
      return
    }
    selection[focus] = list.items[hits[found]].id
    notice = "hit \(found + 1) of \(hits.count)"
  }

  /// The next event that is a warning or worse, or the one before; in a recording the moment of the next violation, or the one before.
  mutating func findProblem(_ direction: Int, _ run: RunState) {
    guard transport == nil else { return move(.violation(direction), run) }
    setFocus(.events)
    showsRawLogs = false
    let list = list(of: .events, run)
    let bad = Set(run.rows.lazy.filter { GravityFilter.problems.shows($0.severity) }.map(\.serial))
    let hits = list.items.indices.filter { bad.contains(list.items[$0].id) }
    guard !hits.isEmpty else {
      notice = "no event that shows is a warning or worse"
      return
    }
    // The list follows its end: nothing is later, and the newest is the first to go to.
    guard let found = next(hits, list, selection[.events] == nil ? -1 : direction) else {
      notice = "no \(direction > 0 ? "later" : "earlier") problem of \(hits.count)"
      return
    }
    selection[.events] = list.items[hits[found]].id
    notice = "problem \(found + 1) of \(hits.count)"
  }

  /// Which of the hits comes next from the selection on; nil for none.
  private func next(_ hits: [Int], _ list: ItemList, _ direction: Int) -> Int? {
    let start = selection[focus].flatMap { list.position($0) } ?? (direction > 0 ? -1 : list.items.count)
    return direction > 0 ? hits.firstIndex { $0 > start } : hits.lastIndex { $0 < start }
  }

  /// Graver events only, round and round.
  mutating func nextGravity() {
    gravity = gravity.next
    setFocus(.events)
    showsRawLogs = false
    notice = "shown: \(gravity.words)"
  }

  /// The selected row, or the newest, with so many before it that they are as many as asked for.
  func copy(_ count: Int, _ run: RunState) -> [MonitorEffect] {
    let list = list(of: focus, run)
    guard let view = Panes[focus], !list.items.isEmpty else { return [.bell] }
    let end = selection[focus].flatMap { list.position($0) } ?? list.items.count - 1
    let rows = list.items[max(0, end - count + 1)...end].map { view.copied($0, run, self) }
    return [.copy(rows.joined(separator: "\n"))]
  }
}
