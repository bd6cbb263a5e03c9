/// A key as the terminal reports it.
public enum Key: Hashable, Sendable {
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
public struct MouseEvent: Hashable, Sendable {
  /// What happened.
  public enum Kind: Hashable, Sendable {
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
  public enum Button: Hashable, Sendable {
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
  public struct Modifiers: OptionSet, Hashable, Sendable {
    /// Bit set.
    public let rawValue: UInt8
    /// Makes a set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Shift.
    public static let shift = Modifiers(rawValue: 1)
    /// Alt or meta.
    public static let alt = Modifiers(rawValue: 2)
    /// Control.
    public static let control = Modifiers(rawValue: 4)
  }

  /// What happened.
  public var kind: Kind
  /// Which button.
  public var button: Button
  /// The cell, from (0, 0) at the top left.
  public var point: Point
  /// Keys held meanwhile.
  public var modifiers: Modifiers

  /// Makes an event.
  public init(kind: Kind, button: Button = .none, point: Point, modifiers: Modifiers = []) {
    self.kind = kind
    self.button = button
    self.point = point
    self.modifiers = modifiers
  }
}
