import PrometheusText

/// One health check of one service.
package struct HealthSample: Codable, Hashable, Sendable {
  /// Which service was checked.
  package var service: ServiceName
  /// What came of it.
  package var outcome: HealthOutcome
  /// How long it took, in milliseconds of real time.
  package var latencyMilliseconds: Double
  /// The URL, without credentials.
  package var url: String
  /// How long the service says it has been up, in seconds, 0 or more; nil when it does not say.
  package var uptimeSeconds: Double?

  /// A health check and what came of it.
  package init(service: ServiceName, outcome: HealthOutcome, latencyMilliseconds: Double, url: String, uptimeSeconds: Double? = nil) {
    self.service = service
    self.outcome = outcome
    self.latencyMilliseconds = latencyMilliseconds
    self.url = url
    self.uptimeSeconds = uptimeSeconds
  }
}

/// What came of a health check.
package enum HealthOutcome: Codable, Hashable, Sendable {
  /// Answered with a status that means healthy; with the word of the service ("ok", "healthy") and an excerpt of the body.
  case healthy(status: Int, word: String?, excerpt: String)
  /// Answered, but not with health.
  case unhealthy(status: Int, excerpt: String)
  /// Answered with a success status and something that means neither well nor unwell to us: the word as the service wrote it, or what
  /// is the matter with it; nil where its status is no word.
  case unclear(status: Int, word: String?, excerpt: String)
  /// No answer: refused, timed out, not resolvable; the reason in words.
  case unreachable(reason: String)
  /// dubwatch itself could not ask, so that nothing is known of the service; the reason in words.
  case unasked(reason: String)

  /// Whether the service answered at all.
  package var isAnswer: Bool {
    switch self {
    case .healthy, .unhealthy, .unclear: true
    case .unreachable, .unasked: false
    }
  }

  /// Whether the service answered that it is healthy.
  package var isHealthy: Bool { isGood == true }

  /// Whether the service is well, by its answer or by the lack of one; nil when neither is known.
  package var isGood: Bool? {
    switch self {
    case .healthy: true
    case .unhealthy, .unreachable: false
    case .unclear, .unasked: nil
    }
  }

  /// Why it is not known whether the service is well: `says "REDIS_DOWN"`; nil when it is known.
  package var doubt: String? {
    switch self {
    case .healthy, .unhealthy, .unreachable: nil
    case .unclear(_, let word?, _): "says \"\(word)\""
    case .unclear(let status, nil, let excerpt): "answers \(status)\(excerpt.isEmpty ? "" : " \"\(excerpt.prefix(120))\"")"
    case .unasked(let reason): reason
    }
  }
}

/// One scrape: every series as parsed, and what the contract makes of them.
package struct MetricsSample: Sendable {
  /// Which service was scraped.
  package var service: ServiceName
  /// Every series, with the layout that all scrapes of one shape share.
  package var scrape: Scrape
  /// The contract's signals found in it.
  package var signals: [SignalID: SignalValue]
  /// Of how many series a signal is the sum, where it is of more than one.
  package var summed: [SignalID: Int]
  /// The signals of each stream, where the endpoint shows several and labels them: the first ones by their names of very many.
  package var streams: [StreamSignals] = []
  /// How many streams it shows; 1 where it tells none apart.
  package var streamCount = 1
  /// How long the scrape took, in milliseconds of real time.
  package var latencyMilliseconds: Double
  /// The size of the response, in bytes.
  package var byteCount: Int
  /// Which counters fell since the scrape before.
  package var resetSignals: [SignalID]
  /// What tells that another process answered than at the scrape before; nil where nothing does.
  package var restartEvidence: String?
  /// The start time of the scraped process, where it says so (`process_start_time_seconds`).
  package var processStart: WallTime?

  /// A scrape and its signals.
  package init(
    service: ServiceName, scrape: Scrape, signals: [SignalID: SignalValue], summed: [SignalID: Int] = [:], latencyMilliseconds: Double,
    byteCount: Int, resetSignals: [SignalID] = [], restartEvidence: String? = nil, processStart: WallTime? = nil
  ) {
    self.summed = summed
    self.service = service
    self.scrape = scrape
    self.signals = signals
    self.latencyMilliseconds = latencyMilliseconds
    self.byteCount = byteCount
    self.resetSignals = resetSignals
    self.restartEvidence = restartEvidence
    self.processStart = processStart
  }
}

/// What a scrape shows of one stream of several.
package struct StreamSignals: Codable, Hashable, Sendable {
  /// The stream's name, as the label has it; not escaped.
  package var name: String
  /// The contract's signals found in its series.
  package var signals: [SignalID: SignalValue]

  /// The signals of a stream.
  package init(name: String, signals: [SignalID: SignalValue]) {
    self.name = name
    self.signals = signals
  }
}

/// One listing of MediaMTX's paths.
package struct MediaPathsSample: Codable, Hashable, Sendable {
  /// Which service was asked.
  package var service: ServiceName
  /// Its paths, in its order.
  package var paths: [MediaPath]
  /// How long the request took, in milliseconds of real time.
  package var latencyMilliseconds: Double

  /// A listing of paths.
  package init(service: ServiceName, paths: [MediaPath], latencyMilliseconds: Double) {
    self.service = service
    self.paths = paths
    self.latencyMilliseconds = latencyMilliseconds
  }
}

/// One path of a media server.
package struct MediaPath: Codable, Hashable, Sendable {
  /// Its name, such as `live/test/in`.
  package var name: String
  /// Whether somebody publishes to it: `ready`, in newer versions `online` (`available` is also what stands in for a publisher), and no
  /// source that is missing.
  package var isReady: Bool
  /// Tracks as the server names them.
  package var tracks: [String]
  /// Bytes received from the publisher since it came (`bytesReceived`, in newer versions `inboundBytes`).
  package var bytesReceived: UInt64
  /// Bytes sent to readers (`bytesSent`, `outboundBytes`).
  package var bytesSent: UInt64
  /// How many readers it has.
  package var readerCount: Int
  /// What publishes to it (`rtmpConn`, `rtspSession`, …), where the server says so.
  package var sourceType: String?
  /// Which one of them, by the server's own name for it; nil where it says none.
  package var sourceID: String?
  /// Since when it is published, as the server writes it (`onlineTime`, `readyTime`); nil where it does not say.
  package var publishedAt: String?
  /// Whether nobody publishes and a file plays in a publisher's place (`alwaysAvailable`).
  package var isSlate = false

  /// A path of a media server.
  package init(
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
package struct OwnCost: Codable, Hashable, Sendable {
  /// Share of one core since the sample before, in percent.
  package var cpuPercent: Double
  /// Resident memory, in bytes.
  package var residentBytes: UInt64

  /// CPU and memory of this process.
  package init(cpuPercent: Double, residentBytes: UInt64) {
    self.cpuPercent = cpuPercent
    self.residentBytes = residentBytes
  }
}

/// One line of a log, as written.
package struct LogLine: Codable, Hashable, Sendable {
  /// The service that wrote it.
  package var service: ServiceName
  /// The line, without its end; not escaped yet.
  package var text: String
  /// Its level, where the line says one.
  package var level: LogLevel?
  /// The time written in it, where it has one.
  package var reportedAt: WallTime?
  /// Whether a template of the contract matched it.
  package var isMatched: Bool
  /// Whether the contract expects it of a healthy service, whatever its level says.
  package var isExpected: Bool
  /// Whether it stood there when its log was first looked at: then only its own time says when it was written.
  package var isPast = false
  /// Whether it is built in another way than the contract has it, so that what it tells cannot be read.
  package var isForeign = false
  /// Whether its text is not as it was written: left out, or with a secret masked, when it was recorded.
  package var lacksText = false
  /// What became of its form, whatever its words; nil where nobody looked, as no contract was known.
  package var form: Form?

  /// Whether its form could be read: it was matched, or has a time and is built as the contract has it.
  package var isReadable: Bool { isMatched || (reportedAt != nil && !isForeign) }

  /// What became of the form of a line.
  package enum Form: String, Codable, Sendable {
    /// Time, level or message were found as the contract has them.
    case read
    /// A line of the server that the service runs in, which writes in a way of its own.
    case aside
    /// Nothing of it is known.
    case unread
  }

  /// A line of a log.
  package init(
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
package enum LogLevel: String, Codable, Sendable, CaseIterable, Comparable {
  case debug, info, warning, error, critical

  /// Orders by time or name.
  package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Whether a source can be read.
package struct SourceStatus: Codable, Hashable, Sendable {
  /// How it stands.
  package enum Standing: Codable, Hashable, Sendable {
    /// Being read.
    case reading
    /// Not to be read now; the reason in words, and when it is tried again, in seconds from now.
    case failing(reason: String, consecutiveFailures: Int, retryInSeconds: Double)
    /// It has ended and will not come back.
    case ended(reason: String)
  }

  /// How it stands now.
  package var standing: Standing
  /// What it reads, for people; without credentials.
  package var target: String
  /// How often it is read, in seconds; a value older than three of these is stale. Nil for a source that is followed.
  package var intervalSeconds: Double?
  /// How much of a file is written and not read yet, in bytes; nil while it is read as it is written.
  package var unreadBytes: Int?
  /// Whether a source that fails answered all the same, with something that cannot be read: "no answer" would be untrue of it.
  package var hasAnswered = false

  /// The standing of a source.
  package init(standing: Standing, target: String, intervalSeconds: Double?, unreadBytes: Int? = nil) {
    self.standing = standing
    self.target = target
    self.intervalSeconds = intervalSeconds
    self.unreadBytes = unreadBytes
  }
}
