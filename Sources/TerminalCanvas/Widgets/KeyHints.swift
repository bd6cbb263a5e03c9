import WireFormats

/// The line of keys at the bottom: ` space pause  ←→ time  q quit`. Hints that do not fit are left out whole, the least important first.
package struct KeyHints: Hashable, Sendable {
  /// A key and what it does.
  package struct Hint: Hashable, Sendable {
    /// The key as it is shown.
    package var key: String
    /// What it does, in one word or two.
    package var action: String
    /// Higher ones stay longer when there is little room.
    package var priority: Int

    /// Makes a hint.
    package init(_ key: String, _ action: String, priority: Int = 0) {
      self.key = key
      self.action = action
      self.priority = priority
    }

    var width: Int { displayWidth(key) + 1 + displayWidth(action) }
  }

  /// In the order of the line.
  package var hints: [Hint]
  /// Style of keys.
  package var keyStyle: Style
  /// Style of what they do, and of the line.
  package var actionStyle: Style

  /// Makes a line.
  package init(_ hints: [Hint], keyStyle: Style = Style(attributes: .bold), actionStyle: Style = .plain) {
    self.hints = hints
    self.keyStyle = keyStyle
    self.actionStyle = actionStyle
  }

  /// The hints that fit into a width, in the order of the line: by priority, and of equal ones the first.
  package func fitting(width: Int) -> [Hint] { places(width: width).map { hints[$0] } }

  /// Which of ``hints`` show in a rectangle, and where.
  package func placed(in rect: Rect) -> [(index: Int, rect: Rect)] {
    var x = rect.x + 1
    return places(width: rect.width).map { index in
      let place = Rect(x: x, y: rect.y, width: hints[index].width, height: min(1, rect.height))
      x += place.width + 2
      return (index, place)
    }
  }

  private func places(width: Int) -> [Int] {
    var room = width - 1
    var kept: Set<Int> = []
    for index in hints.indices.sorted(by: { (-hints[$0].priority, $0) < (-hints[$1].priority, $1) }) {
      let needed = hints[index].width + (kept.isEmpty ? 0 : 2)
      guard needed <= room else { break }
      room -= needed
      kept.insert(index)
    }
    return hints.indices.filter(kept.contains)
  }

  /// Draws into the first row of a rectangle.
  package func draw(on canvas: inout Canvas, in rect: Rect) {
    guard rect.height > 0 else { return }
    canvas.fill(rect.row(0), with: .blank(actionStyle))
    var x = rect.x + 1
    for hint in fitting(width: rect.width) {
      x += canvas.put(hint.key, x: x, y: rect.y, style: keyStyle, maxWidth: rect.maxX - x)
      x += canvas.put(" " + hint.action + "  ", x: x, y: rect.y, style: actionStyle, maxWidth: rect.maxX - x)
    }
  }
}
