/// A terminal that is about to be taken, and everything that gives it back: for another process, which does it when this one is killed.
package struct TerminalLoan: Hashable, Sendable {
  /// The terminal's device, which any process can open.
  package let path: String
  /// What makes the terminal show what it showed before.
  package let bytes: [UInt8]
  /// The modes that are set while it is ours, a `struct termios` byte for byte.
  package let ours: [UInt8]
  /// The modes before.
  package let former: [UInt8]

  /// Who is told when the terminal is taken and given back.
  package struct Witness: Sendable {
    /// Where it is written; the backend closes it.
    package let descriptor: Int32
    /// What says that it is taken; at most 64 bytes.
    package let taken: [UInt8]
    /// What says that it is given back; at most 64 bytes.
    package let given: [UInt8]

    /// A witness.
    package init(descriptor: Int32, taken: [UInt8], given: [UInt8]) {
      self.descriptor = descriptor
      self.taken = taken
      self.given = given
    }
  }
}
