import Events

/// The keys under which the lines of a service carry what every logger writes, where a contract names them; nil for the usual ones.
///
/// A key is a dotted path: `record.message`. What a contract names is looked for first, the usual keys after it.
package struct LogKeys: Codable, Hashable, Sendable {
  /// When a line was written.
  package var time: String?
  /// What it says.
  package var message: String?
  /// How grave it is.
  package var level: String?
  /// Who wrote it.
  package var logger: String?

  /// The keys of a contract's lines; by default none of its own.
  package init(time: String? = nil, message: String? = nil, level: String? = nil, logger: String? = nil) {
    self.time = time
    self.message = message
    self.level = level
    self.logger = logger
  }

  /// Whether none is named.
  package var isUsual: Bool { self == LogKeys() }

  /// What a key is for.
  enum Role: Int, CaseIterable, Sendable { case time, message, level, logger, wrapped }

  func own(_ role: Role) -> String? {
    switch role {
    case .time: time
    case .message: message
    case .level: level
    case .logger: logger
    case .wrapped: nil
    }
  }

  /// The keys of loggers and collectors, in the order in which they are believed.
  static func usual(_ role: Role) -> [String] {
    switch role {
    case .time:
      [
        "timestamp", "time", "ts", "@timestamp", "asctime", "created", "@t", "datetime", "eventTime", "Timestamp", "Time", "timeMillis",
        "instant.epochSecond", "record.time.timestamp", "timestamp.seconds", "timestampSeconds", "date", "t", "__REALTIME_TIMESTAMP",
        "_SOURCE_REALTIME_TIMESTAMP", "timeUnixNano",
      ]
    case .message:
      ["msg", "message", "event", "record.message", "@m", "@mt", "fields.message", "short_message", "Message", "body", "Body", "MESSAGE"]
    case .level: LogLevelField.keys
    case .logger:
      [
        "logger", "name", "logger_name", "log.logger", "loggerName", "record.name", "SourceContext", "Properties.SourceContext", "target",
        "Logger", "scope.name",
      ]
    // Docker's json-file and journald: the line itself is in there.
    case .wrapped: ["log", "MESSAGE", "__REALTIME_TIMESTAMP"]
    }
  }

  /// Where the rest of a second stands beside its whole ones, in nanoseconds.
  static let nanoseconds = [
    "instant.epochSecond": "instant.nanoOfSecond", "timestamp.seconds": "timestamp.nanos", "timestampSeconds": "timestampNanos",
  ]

  /// Objects in which loggers put the fields of a line: a field is looked for in the line itself first.
  static let scopes = [
    "contextMap", "record.extra", "fields", "extra", "labels", "attributes", "Properties", "context", "ctx", "data", "mdc", "span",
  ]
}

/// The keys of a contract as a table: which of them a member of a line is costs a look.
struct LogKeyTable: Sendable {
  struct Entry: Sendable {
    let path: [UInt8]
    let role: LogKeys.Role
    /// 0 for the key that is believed first.
    let rank: Int
    let scale: LogLevel.Scale?
    let nanoseconds: String?
  }

  /// The objects in which loggers put fields.
  static let scopes = LogKeys.scopes.map { Array($0.utf8) }

  let entries: [Entry]
  /// The entries by the length and the last byte of their path.
  private let buckets: [[Int]]

  init(_ own: LogKeys) {
    var entries: [Entry] = []
    for role in LogKeys.Role.allCases {
      for (rank, key) in ([own.own(role)].compactMap(\.self) + LogKeys.usual(role)).enumerated() {
        entries.append(
          Entry(
            path: Array(key.utf8), role: role, rank: rank, scale: role == .level ? LogLevelField.scale(of: key, isPython: false) : nil,
            nanoseconds: LogKeys.nanoseconds[key]))
      }
    }
    var buckets = [[Int]](repeating: [], count: 64)
    for (index, entry) in entries.enumerated() { buckets[Self.bucket(entry.path.count, entry.path.last ?? 0)].append(index) }
    self.entries = entries
    self.buckets = buckets
  }

  private static func bucket(_ length: Int, _ last: UInt8) -> Int { (length &* 7 &+ Int(last)) & 63 }

  /// The entries whose path may be that of a member.
  func candidates(length: Int, last: UInt8) -> [Int] { buckets[Self.bucket(length, last)] }
}
