/// A terminal that is somebody else's again once the program is gone, and how it gets there.
package struct TerminalReset: Hashable, Sendable {
  /// The terminal's device, as the guard can open it: not `/dev/tty`, which means another one in its session.
  package var path: String
  /// What makes the terminal show what it showed before: alternate screen, cursor, mouse, title and so on.
  package var bytes: [UInt8]
  /// The modes that the program sets: a `struct termios` of the C library, byte for byte.
  package var ours: [UInt8]
  /// The modes that were there before.
  package var former: [UInt8]

  /// A terminal and the way back.
  package init(path: String, bytes: [UInt8], ours: [UInt8], former: [UInt8]) {
    self.path = path
    self.bytes = bytes
    self.ours = ours
    self.former = former
  }
}

/// A terminal that the guard gives back, and how the program tells it, in a signal handler too, whether it has the terminal just now.
package struct TerminalDuty: Sendable {
  /// The duty.
  package let duty: GuardDuty
  /// Where ``taken`` and ``given`` are written; whoever gets the duty closes it.
  package let descriptor: Int32
  /// Says that the terminal is the program's from now on. Before it is said, and after ``given``, the guard leaves the terminal alone.
  package let taken: [UInt8]
  /// Says that the program has given the terminal back itself.
  package let given: [UInt8]
}
