/// The kinds of records (mcap.dev/spec, "Records").
package enum MCAPOpcode: UInt8, Sendable, CaseIterable {
  case header = 0x01
  case footer = 0x02
  case schema = 0x03
  case channel = 0x04
  case message = 0x05
  case chunk = 0x06
  case messageIndex = 0x07
  case chunkIndex = 0x08
  case attachment = 0x09
  case attachmentIndex = 0x0A
  case statistics = 0x0B
  case metadata = 0x0C
  case metadataIndex = 0x0D
  case summaryOffset = 0x0E
  case dataEnd = 0x0F
}

/// The bytes that begin and end a file, and the sizes of what has a fixed one.
enum MCAPFrame {
  static let magic: [UInt8] = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A]
  /// An opcode and a length.
  static let headBytes = 9
  /// The footer with its head.
  static let footerBytes = 9 + 20
  /// The fields of a chunk that are there whatever its compression is called.
  static let chunkFieldBytes = 8 + 8 + 8 + 4 + 4 + 8
}
