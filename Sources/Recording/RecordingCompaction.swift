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
  static let chunkBytes = 512 << 10

  /// Rewrites a file beside itself and moves it over itself.
  /// - Parameter limit: a file of more bytes is left as it is; nil for any.
  /// - Returns: whether it was rewritten; not when it is large, damaged, not ended, being written, or has large chunks already.
  @discardableResult
  package static func rewrite(_ path: String, upTo limit: UInt64? = nil) throws(Problem) -> Bool {
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
      do { isDone = try copy(file, to: output) } catch {
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
  /// - Returns: false where something of the file cannot be read: then the file as it is holds more.
  private static func copy(_ file: MCAPFile, to output: RecordingFile) throws -> Bool {
    var messages = try MCAPMessages(file)
    var writer = MCAPWriter(MCAPHeader(profile: "dubwatch", library: "dubwatch"), options: .init(chunkBytes: .max, zstdLevel: 9))
    var last: MCAPMetadata?
    var knownSchemas: Set<UInt16> = []
    while let item = try messages.next() {
      switch item {
      case .message(let message, let channel):
        if let schema = messages.schemas[channel.schemaID], knownSchemas.insert(schema.id).inserted { writer.add(schema) }
        writer.add(channel)
        try writer.add(message)
        if writer.openBytes >= chunkBytes { try writer.closeChunk() }
      case .metadata(let metadata):
        // Of the verdicts on the way the last one says all.
        if metadata.name == VerdictMark.name { last = metadata } else { try writer.add(metadata) }
      case .attachment(let attachment): try writer.add(attachment)
      }
      try output.write(writer.take())
    }
    guard messages.damages.isEmpty, messages.isComplete else { return false }
    if let last { try writer.add(last) }
    try writer.finish()
    try output.write(writer.take())
    try output.sync()
    return true
  }
}
