import PrometheusText

/// One health check of one service.
public struct HealthSample: Codable, Hashable, Sendable {
  /// Which service was checked.
  public var service: ServiceName
  /// What came of it.
  public var outcome: HealthOutcome
  /// How long it took, in milliseconds of real time.
  public var latencyMilliseconds: Double
  /// The URL, without credentials.
  public var url: String
  /// How long the service says it has been up, in seconds, 0 or more; nil when it does not say.
  public var uptimeSeconds: Double?

  /// A health check and what came of it.
  public init(service: ServiceName, outcome: HealthOutcome, latencyMilliseconds: Double, url: String, uptimeSeconds: Double? = nil) {
    self.service = service
    self.outcome = outcome
    self.latencyMilliseconds = latencyMilliseconds
    self.url = url
    self.uptimeSeconds = uptimeSeconds
  }
}

/// What came of a health check.
public enum HealthOutcome: Codable, Hashable, Sendable {
  /// Answered with a status that means healthy; with the word of the service ("ok", "healthy") and an excerpt of the body.
  case healthy(status: Int, word: String?, excerpt: String)
  /// Answered, but not with health.
  case unhealthy(status: Int, excerpt: String)
  /// No answer: refused, timed out, not resolvable; the reason in words.
  case unreachable(reason: String)

  /// Whether the service answered that it is healthy.
  public var isHealthy: Bool {
    if case .healthy = self { return true }
    return false
  }
}

/// One scrape: every series as parsed, and what the contract makes of them.
public struct MetricsSample: Sendable {
  /// Which service was scraped.
  public var service: ServiceName
  /// Every series, with the layout that all scrapes of one shape share.
  public var scrape: Scrape
  /// The contract's signals found in it.
  public var signals: [SignalID: SignalValue]
  /// How long the scrape took, in milliseconds of real time.
  public var latencyMilliseconds: Double
  /// The size of the response, in bytes.
  public var byteCount: Int
  /// Which counters fell since the scrape before: the process was restarted.
  public var resetSignals: [SignalID]
  /// The start time of the scraped process, where it says so (`process_start_time_seconds`).
  public var processStart: WallTime?

  /// A scrape and its signals.
  public init(
    service: ServiceName, scrape: Scrape, signals: [SignalID: SignalValue], latencyMilliseconds: Double, byteCount: Int,
    resetSignals: [SignalID] = [], processStart: WallTime? = nil
  ) {
    self.service = service
    self.scrape = scrape
    self.signals = signals
    self.latencyMilliseconds = latencyMilliseconds
    self.byteCount = byteCount
    self.resetSignals = resetSignals
    self.processStart = processStart
  }
}

/// One listing of MediaMTX's paths.
public struct MediaPathsSample: Codable, Hashable, Sendable {
  /// Which service was asked.
  public var service: ServiceName
  /// Its paths, in its order.
  public var paths: [MediaPath]
  /// How long the request took, in milliseconds of real time.
  public var latencyMilliseconds: Double

  /// A listing of paths.
  public init(service: ServiceName, paths: [MediaPath], latencyMilliseconds: Double) {
    self.service = service
    self.paths = paths
    self.latencyMilliseconds = latencyMilliseconds
  }
}

/// One path of a media server.
public struct MediaPath: Codable, Hashable, Sendable {
  /// Its name, such as `live/test/in`.
  public var name: String
  /// Whether somebody publishes to it (`ready`, in newer versions `available`).
  public var isReady: Bool
  /// Tracks as the server names them.
  public var tracks: [String]
  /// Bytes received from the publisher since it came (`bytesReceived`, in newer versions `inboundBytes`).
  public var bytesReceived: UInt64
  /// Bytes sent to readers (`bytesSent`, `outboundBytes`).
  public var bytesSent: UInt64
  /// How many readers it has.
  public var readerCount: Int
  /// What publishes to it (`rtmpConn`, `rtspSession`, …), where the server says so.
  public var sourceType: String?

  /// A path of a media server.
  public init(
    name: String, isReady: Bool, tracks: [String] = [], bytesReceived: UInt64 = 0, bytesSent: UInt64 = 0, readerCount: Int = 0,
    sourceType: String? = nil
  ) {
    self.name = name
    self.isReady = isReady
    self.tracks = tracks
    self.bytesReceived = bytesReceived
    self.bytesSent = bytesSent
    self.readerCount = readerCount
    self.sourceType = sourceType
  }
}

/// What dubwatch itself costs.
public struct OwnCost: Codable, Hashable, Sendable {
  /// Share of one core since the sample before, in percent.
  public var cpuPercent: Double
  /// Resident memory, in bytes.
  public var residentBytes: UInt64

  /// CPU and memory of this process.
  public init(cpuPercent: Double, residentBytes: UInt64) {
    self.cpuPercent = cpuPercent
    self.residentBytes = residentBytes
  }
}

/// One line of a log, as written.
public struct LogLine: Codable, Hashable, Sendable {
  /// The service that wrote it.
  public var service: ServiceName
  /// The line, without its end; not escaped yet.
  public var text: String
  /// Its level, where the line says one.
  public var level: LogLevel?
  /// The time written in it, where it has one.
  public var reportedAt: WallTime?
  /// Whether a template of the contract matched it.
  public var isMatched: Bool
  /// Whether the contract expects it of a healthy service, whatever its level says.
  public var isExpected: Bool

  /// A line of a log.
  public init(
    service: ServiceName, text: String, level: LogLevel? = nil, reportedAt: WallTime? = nil, isMatched: Bool = false,
    isExpected: Bool = false
  ) {
    self.service = service
    self.text = text
    self.level = level
    self.reportedAt = reportedAt
    self.isMatched = isMatched
    self.isExpected = isExpected
  }
}

/// How grave a log line says it is.
public enum LogLevel: String, Codable, Sendable, CaseIterable, Comparable {
  case debug, info, warning, error, critical

  /// Orders by time or name.
  public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Whether a source can be read.
public struct SourceStatus: Codable, Hashable, Sendable {
  /// How it stands.
  public enum Standing: Codable, Hashable, Sendable {
    /// Being read.
    case reading
    /// Not to be read now; the reason in words, and when it is tried again, in seconds from now.
    case failing(reason: String, consecutiveFailures: Int, retryInSeconds: Double)
    /// It has ended and will not come back.
    case ended(reason: String)
  }

  /// How it stands now.
  public var standing: Standing
  /// What it reads, for people; without credentials.
  public var target: String
  /// How often it is read, in seconds; a value older than three of these is stale. Nil for a source that is followed.
  public var intervalSeconds: Double?
  /// How much of a file is written and not read yet, in bytes; nil while it is read as it is written.
  public var unreadBytes: Int?

  /// The standing of a source.
  public init(standing: Standing, target: String, intervalSeconds: Double?, unreadBytes: Int? = nil) {
    self.standing = standing
    self.target = target
    self.intervalSeconds = intervalSeconds
    self.unreadBytes = unreadBytes
  }
}
