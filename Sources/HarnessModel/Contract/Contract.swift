/// What maps a pipeline's metrics, logs and endpoints to dubwatch's own signals and happenings.
public struct Contract: Codable, Hashable, Sendable {
  /// Its name: `spec-018`, `media-service`, or a user's.
  public var name: String
  /// One sentence on it.
  public var summary: String
  /// Which service exposes the metrics and writes the logs of the worker.
  public var workerService: ServiceName
  /// Endpoints when the user gives none.
  public var endpoints: [Endpoint]
  /// Where each signal comes from, in the order they are shown.
  public var signals: [SignalBinding]
  /// What the values of the breaker's gauge mean.
  public var breakerEncoding: [BreakerCode]
  /// Where happenings come from.
  public var logTemplates: [LogTemplate]
  /// How log lines are built.
  public var logFormat: LogFormat
  /// The zone of log times that carry none: an IANA name, `UTC`, an offset such as `+02:00`, or `host`.
  public var logTimeZone: String
  /// The limits that panes and rules use.
  public var thresholds: Thresholds
  /// Name endings of series that no list shows (`_created`).
  public var hiddenSuffixes: [String]

  /// A contract.
  public init(
    name: String, summary: String, workerService: ServiceName = .mediaService, endpoints: [Endpoint] = [], signals: [SignalBinding] = [],
    breakerEncoding: [BreakerCode] = BreakerCode.dataModel, logTemplates: [LogTemplate] = [], logFormat: LogFormat = .json,
    logTimeZone: String = "host", thresholds: Thresholds = Thresholds(), hiddenSuffixes: [String] = ["_created"]
  ) {
    self.name = name
    self.summary = summary
    self.workerService = workerService
    self.endpoints = endpoints
    self.signals = signals
    self.breakerEncoding = breakerEncoding
    self.logTemplates = logTemplates
    self.logFormat = logFormat
    self.logTimeZone = logTimeZone
    self.thresholds = thresholds
    self.hiddenSuffixes = hiddenSuffixes
  }

  /// The state a value of the breaker's gauge means; nil for a value the contract does not know.
  public func breakerState(code: Double) -> BreakerState? { breakerEncoding.first { $0.value == code }?.state }
}

/// An endpoint of a service.
public struct Endpoint: Codable, Hashable, Sendable {
  /// What is to be read there.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case health, metrics
    case mediaServer = "media-server"
  }

  /// The service.
  public var service: ServiceName
  /// What is to be read there.
  public var kind: Kind
  /// Its URL.
  public var url: String
  /// The word a healthy answer carries in its `status`, for a health endpoint; nil where any 2xx answer is healthy.
  public var healthWord: String?

  /// An endpoint of a service.
  public init(service: ServiceName, kind: Kind, url: String, healthWord: String? = nil) {
    self.service = service
    self.kind = kind
    self.url = url
    self.healthWord = healthWord
  }
}

/// Where a signal comes from.
public struct SignalBinding: Codable, Hashable, Sendable {
  /// What the series is.
  public enum Kind: String, Codable, Sendable, CaseIterable { case counter, gauge, histogram }
  /// What to do when several series match.
  public enum Aggregation: String, Codable, Sendable, CaseIterable {
    /// Several are an error.
    case single
    /// Add them up.
    case sum
  }

  /// The signal.
  public var signal: SignalID
  /// What panes call it.
  public var title: String
  /// The series' name (for a histogram, its family's).
  public var series: String
  /// Labels the series must have, with these values; others may be there too.
  public var labels: [String: String]
  /// What the series is.
  public var kind: Kind
  /// What to do when several match.
  public var aggregation: Aggregation
  /// The unit of its values: `ms`, `s`, `bytes`, or empty for a plain number.
  public var unit: String
  /// Whether a series that is not there means 0: a labelled counter has no sample before its first event.
  public var absentIsZero: Bool

  /// Where a signal comes from.
  public init(
    signal: SignalID, title: String, series: String, labels: [String: String] = [:], kind: Kind, aggregation: Aggregation = .single,
    unit: String = "", absentIsZero: Bool = false
  ) {
    self.signal = signal
    self.title = title
    self.series = series
    self.labels = labels
    self.kind = kind
    self.aggregation = aggregation
    self.unit = unit
    self.absentIsZero = absentIsZero
  }
}

/// What one value of the breaker's gauge means.
public struct BreakerCode: Codable, Hashable, Sendable {
  /// The gauge's value.
  public var value: Double
  /// The state it stands for.
  public var state: BreakerState

  /// A value and the state it stands for.
  public init(value: Double, state: BreakerState) {
    self.value = value
    self.state = state
  }

  /// The encoding of the data model: 0 closed, 1 open, 2 half-open.
  public static let dataModel = [
    BreakerCode(value: 0, state: .closed), BreakerCode(value: 1, state: .open), BreakerCode(value: 2, state: .halfOpen),
  ]
}

/// How log lines are built.
public enum LogFormat: String, Codable, Sendable, CaseIterable {
  /// One JSON object a line.
  case json
  /// Plain text: `%(asctime)s - %(name)s - %(levelname)s - %(message)s`.
  case pythonLogging = "python-logging"
}

/// The limits that panes and rules use.
public struct Thresholds: Codable, Hashable, Sendable {
  /// How far audio and video may lie apart, in milliseconds: |delta| below it is within.
  public var syncMilliseconds: Double
  /// The share of segments that must lie within, 0 to 1.
  public var syncShare: Double
  /// Consecutive retryable failures that open the breaker.
  public var breakerFailures: Int
  /// Whether a fragment that timed out counts as such a failure.
  public var timeoutsCountAsFailures: Bool
  /// How long the breaker stays open at least, in seconds from the last failure.
  public var breakerCooldownSeconds: Double
  /// How many fragments may be in flight.
  public var maxInflight: Int
  /// How long a fragment may take, in seconds.
  public var fragmentTimeoutSeconds: Double
  /// The length of a segment, in seconds.
  public var segmentSeconds: Double
  /// The delays before reconnection attempts.
  public var backoff: BackoffSchedule

  /// The limits, by default those of the data model.
  public init(
    syncMilliseconds: Double = 120, syncShare: Double = 0.95, breakerFailures: Int = 5, timeoutsCountAsFailures: Bool = true,
    breakerCooldownSeconds: Double = 30, maxInflight: Int = 3, fragmentTimeoutSeconds: Double = 8, segmentSeconds: Double = 6,
    backoff: BackoffSchedule = BackoffSchedule()
  ) {
    self.syncMilliseconds = syncMilliseconds
    self.syncShare = syncShare
    self.breakerFailures = breakerFailures
    self.timeoutsCountAsFailures = timeoutsCountAsFailures
    self.breakerCooldownSeconds = breakerCooldownSeconds
    self.maxInflight = maxInflight
    self.fragmentTimeoutSeconds = fragmentTimeoutSeconds
    self.segmentSeconds = segmentSeconds
    self.backoff = backoff
  }
}
