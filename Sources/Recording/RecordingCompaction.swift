import MCAP
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Rewrites a recording that came to its end: the small chunks of a run that went on become large ones with an index of their messages.
package enum RecordingCompaction {
  /// How large a chunk gets, unpacked: a seek unpacks one of them.
  package static let chunkBytes = 512 << 10

  /// Rewrites a file beside itself and moves it over itself; its mode and its times stay.
  /// - Parameters:
  ///   - limit: a file of more bytes is left as it is; nil for any.
  ///   - chunkBytes: how large a chunk gets.
  ///   - isLate: asked on the way; yes ends it, and the file is left as it is.
  /// - Returns: whether it was rewritten; not when it is large, damaged, not ended, being written, or has large chunks already.
  /// - Throws: where it is no recording, or cannot be read or written.
  @discardableResult
  package static func rewrite(
    _ path: String, upTo limit: UInt64? = nil, chunkBytes: Int = chunkBytes, isLate: () -> Bool = { false }
  ) throws(Problem) -> Bool {
    _ = try RecordingHead(of: path, to: "rewritten")
    do {
      let file = try MCAPFile(path: path)
      let size = try file.size
      guard limit.map({ size <= $0 }) ?? true, !RecordingFile.isBeingWritten(path), let index = try MCAPIndex(of: file),
        index.chunks.count > 2, index.chunks.reduce(0, { $0 + $1.uncompressedSize }) / UInt64(index.chunks.count) < UInt64(chunkBytes / 4)
      else { return false }
      let draft = path + ".\(getpid()).tmp"
      unlink(draft)
      let output = try RecordingFile(creating: draft)
      let isDone: Bool
      do { isDone = try copy(file, to: output, chunkBytes, isLate: isLate) && output.looks(like: path) } catch {
        unlink(draft)
        throw error
      }
      guard isDone, rename(draft, path) == 0 else {
        unlink(draft)
        return false
      }
      return true
    } catch {
      throw Problem(recording: error).at(path)
    }
  }

  /// Copies all messages and what is said of the run.
  /// - Returns: false where something of the file cannot be read, as the file as it is holds more then, and where it takes too long.
  private static func copy(_ file: MCAPFile, to output: RecordingFile, _ chunkBytes: Int, isLate: () -> Bool) throws -> Bool {
    var messages = try MCAPMessages(file)
    var copy: RecordingCopy?
    while let item = try messages.next() {
      // The header stands before all else.
      var writing = copy ?? RecordingCopy(messages.header, chunkBytes)
      copy = nil
      if case .message(_, let channel) = item, let schema = messages.schemas[channel.schemaID] { writing.writer.add(schema) }
      try writing.add(item)
      let ready = writing.writer.take()
      copy = writing
      if !ready.isEmpty {
        if isLate() { return false }
        try output.write(ready)
      }
    }
    guard var copy, messages.damages.isEmpty, messages.isComplete else { return false }
    try copy.finish(messages)
    try output.write(copy.writer.take())
    try output.sync()
    return !isLate()
  }
}

/// A recording that is being written anew.
private struct RecordingCopy {
  var writer: MCAPWriter
  private let chunkBytes: Int
  private var sequence: UInt32?
  private var verdict: MCAPMetadata?

  init(_ header: MCAPHeader?, _ chunkBytes: Int) {
    self.chunkBytes = chunkBytes
    writer = MCAPWriter(
      header ?? MCAPHeader(profile: "dubwatch", library: "dubwatch"), options: .init(chunkBytes: .max, zstdLevel: 9))
  }

  mutating func add(_ item: MCAPMessages.Item) throws(MCAPError) {
    switch item {
    case .message(let message, let channel):
      // The messages of one event stay together: a chunk that is lost takes whole events with it.
      if writer.openBytes >= chunkBytes, sequence != message.sequence { try closeChunk() }
      sequence = message.sequence
      writer.add(channel)
      try writer.add(message)
    case .metadata(let metadata):
      if metadata.name == VerdictMark.name { verdict = metadata } else { try writer.add(metadata) }
    case .attachment(let attachment): try writer.add(attachment)
    }
  }

  /// After each chunk stands the newest verdict until then: the one at the end may be what is damaged.
  private mutating func closeChunk() throws(MCAPError) {
    try writer.closeChunk()
    guard let verdict else { return }
    try writer.add(verdict)
    self.verdict = nil
  }

  /// Ends the file; what no message needed is kept all the same.
  mutating func finish(_ messages: MCAPMessages) throws(MCAPError) {
    for schema in messages.schemas.values.sorted(by: { $0.id < $1.id }) { writer.add(schema) }
    for channel in messages.channels.values.sorted(by: { $0.id < $1.id }) { writer.add(channel) }
    try closeChunk()
    try writer.finish()
  }
}
