import Events

/// The lines of the origin's log; as plain text they follow MediaMTX's wording where it has one.
enum OriginLogText {
  private static func entry(_ level: LogLevel, _ message: String, _ fields: [(String, LogEntry.Value)], shape: ServiceShape) -> LogEntry {
    guard shape == .mediaService else { return LogEntry(level, message, fields: fields) }
    let details = fields.map { field in
      switch field.1 {
      case .text(let text): "\(field.0)=\(text)"
      case .integer(let number): "\(field.0)=\(number)"
      case .number(let number): "\(field.0)=\(LogText.shortest(number))"
      case .flag(let flag): "\(field.0)=\(flag)"
      }
    }
    return LogEntry(level, ([message] + details).joined(separator: " "), logger: "stream_origin")
  }

  static func listening(host: String, port: Int, shape: ServiceShape) -> LogEntry {
    entry(.info, "stream-origin listening", [("host", .text(host)), ("port", .integer(port))], shape: shape)
  }

  static func stopped(shape: ServiceShape) -> LogEntry { entry(.info, "stream-origin stopped", [], shape: shape) }

  static func outage(begins: Bool, shape: ServiceShape) -> LogEntry {
    entry(begins ? .warning : .info, begins ? "outage began" : "outage ended", [], shape: shape)
  }

  static func publisherCame(_ path: OriginPath, shape: ServiceShape) -> LogEntry {
    entry(.info, "publisher connected", [("path", .text(path.name)), ("id", .text(path.publisherID))], shape: shape)
  }

  static func ready(_ path: OriginPath, shape: ServiceShape) -> LogEntry {
    entry(
      .info, "stream is available and online", [("path", .text(path.name)), ("tracks", .text(path.tracks.joined(separator: ", ")))],
      shape: shape)
  }

  static func publisherLeft(_ path: OriginPath, reason: String, shape: ServiceShape) -> LogEntry {
    entry(
      .info, "publisher left",
      [
        ("path", .text(path.name)), ("id", .text(path.publisherID)), ("reason", .text(reason)),
        ("bytes", .integer(Int(clamping: path.bytesReceived))),
      ], shape: shape)
  }

  static func refused(_ name: Substring, reason: String, shape: ServiceShape) -> LogEntry {
    entry(.warning, "publisher refused", [("path", .text(String(name.prefix(60)))), ("reason", .text(reason))], shape: shape)
  }

  static func readerCame(_ reader: OriginReader, shape: ServiceShape) -> LogEntry {
    entry(.info, "reader connected", [("path", .text(reader.path.name)), ("id", .text(reader.id))], shape: shape)
  }

  static func readerLeft(_ reader: OriginReader, reason: String, shape: ServiceShape) -> LogEntry {
    entry(.info, "reader left", fields(reader, reason), shape: shape)
  }

  static func readerDropped(_ reader: OriginReader, reason: String, shape: ServiceShape) -> LogEntry {
    entry(.warning, "reader dropped", fields(reader, reason) + [("waiting_bytes", .integer(reader.pending))], shape: shape)
  }

  private static func fields(_ reader: OriginReader, _ reason: String) -> [(String, LogEntry.Value)] {
    [
      ("path", .text(reader.path.name)), ("id", .text(reader.id)), ("reason", .text(reason)),
      ("bytes", .integer(Int(clamping: reader.bytesSent))),
    ]
  }
}
