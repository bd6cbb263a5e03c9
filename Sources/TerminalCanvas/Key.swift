/// A key as the terminal reports it.
package enum Key: Hashable, Sendable {
  /// A character, already with shift applied.
  case char(Character)
  /// A lower-case letter, or one of `@[\]^_` or a space, with ctrl. Enter, tab, escape and backspace have cases of their own.
  case ctrl(Character)
  /// A character with alt (meta).
  case alt(Character)
  /// Return or the keypad's enter.
  case enter
  /// The escape key alone.
  case escape
  /// Tab.
  case tab
  /// Shift and tab.
  case backTab
  /// Cursor up.
  case up
  /// Cursor down.
  case down
  /// Cursor left.
  case left
  /// Cursor right.
  case right
  /// Home.
  case home
  /// End.
  case end
  /// Page up.
  case pageUp
  /// Page down.
  case pageDown
  /// Backspace.
  case backspace
  /// Delete.
  case delete
  /// Insert.
  case insert
  /// A function key, 1 to 63.
  case function(Int)
}

/// Something the mouse did.
package struct MouseEvent: Hashable, Sendable {
  /// What happened.
  package enum Kind: Hashable, Sendable {
    /// A button went down.
    case press
    /// A button was let go.
    case release
    /// The mouse moved with a button held.
    case drag
    /// One step of the wheel away from the user.
    case scrollUp
    /// One step of the wheel towards the user.
    case scrollDown
  }
  /// Which button; for the wheel ``none``.
  package enum Button: Hashable, Sendable {
    /// No button.
    case none
    /// The left one.
    case left
    /// The middle one.
    case middle
    /// The right one.
    case right
  }
  /// Keys held meanwhile.
  package struct Modifiers: OptionSet, Hashable, Sendable {
    /// Bit set.
    package let rawValue: UInt8
    /// Makes a set from its bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Shift.
    package static let shift = Modifiers(rawValue: 1)
    /// Alt or meta.
    package static let alt = Modifiers(rawValue: 2)
    /// Control.
    package static let control = Modifiers(rawValue: 4)
  }

  /// What happened.
  package var kind: Kind
  /// Which button.
  package var button: Button
  /// The cell, from (0, 0) at the top left.
  package var point: Point
  /// Keys held meanwhile.
  package var modifiers: Modifiers

  /// Makes an event.
  package init(kind: Kind, button: Button = .none, point: Point, modifiers: Modifiers = []) {
    self.kind = kind
    self.button = button
    self.point = point
    self.modifiers = modifiers
  }
}
