import Events

/// What maps a pipeline's metrics, logs and endpoints to dubwatch's own signals and happenings.
package struct Contract: Codable, Hashable, Sendable {
  /// The most signals that one has: a large exporter has a thousand series.
  package static let signalLimit = 5000

  /// Its name: `spec-018`, `media-service`, or a user's.
  package var name: String
  /// One sentence on it.
  package var summary: String
  /// Which service exposes the metrics and writes the logs of the worker.
  package var workerService: ServiceName
  /// Endpoints when the user gives none.
  package var endpoints: [Endpoint]
  /// Where each signal comes from, in the order they are shown.
  package var signals: [SignalBinding]
  /// What the values of the breaker's gauge mean.
  package var breakerEncoding: [BreakerCode]
  /// What words of a breaker's state mean that are not plainly one of the three, for a breaker that shows its state by a label.
  package var breakerWords: [String: BreakerState] = [:]
  /// Where happenings come from.
  package var logTemplates: [LogTemplate]
  /// How log lines are built.
  package var logFormat: LogFormat
  /// The keys of time, message, level and logger in lines of fields, where they are not the usual ones.
  package var logKeys: LogKeys
  /// The zone of log times that carry none: an IANA name, `UTC`, an offset such as `+02:00`, or `host`.
  package var logTimeZone: String
  /// Whether a log of lines that no template fits is understood all the same, as far as their form can be read.
  package var expectsUnmatched: Bool
  /// The limits that panes and rules use.
  package var thresholds: Thresholds
  /// Name endings of series that no list shows (`_created`).
  package var hiddenSuffixes: [String]
  /// The words of a health answer that mean healthy, without regard to case.
  package var goodWords: [String]

  /// A contract.
  package init(
    name: String, summary: String, workerService: ServiceName = .mediaService, endpoints: [Endpoint] = [], signals: [SignalBinding] = [],
    breakerEncoding: [BreakerCode] = BreakerCode.dataModel, logTemplates: [LogTemplate] = [], logFormat: LogFormat = .json,
    logKeys: LogKeys = LogKeys(), logTimeZone: String = "host", expectsUnmatched: Bool = false, thresholds: Thresholds = Thresholds(),
    hiddenSuffixes: [String] = ["_created"], goodWords: [String] = HealthWords.usual
  ) {
    self.name = name
    self.summary = summary
    self.workerService = workerService
    self.endpoints = endpoints
    self.signals = signals
    self.breakerEncoding = breakerEncoding
    self.logTemplates = logTemplates
    self.logFormat = logFormat
    self.logKeys = logKeys
    self.logTimeZone = logTimeZone
    self.expectsUnmatched = expectsUnmatched
    self.thresholds = thresholds
    self.hiddenSuffixes = hiddenSuffixes
    self.goodWords = goodWords
  }

  /// What stands for a contract as long as none is recognised.
  package static let undecided = Contract(name: "undecided", summary: "No contract was recognised yet.")

  /// Whether it is a contract, and not what stands for one that is not recognised yet.
  package var isDecided: Bool { name != Self.undecided.name }

  /// The state a value of the breaker's gauge means; nil for a value the contract does not know.
  package func breakerState(code: Double) -> BreakerState? { breakerEncoding.first { $0.value == code }?.state }

  /// The state that a word of a breaker's label means: by `breaker_words`, else where it is one of the three in any spelling.
  package func breakerState(word: String) -> BreakerState? { breakerWords[word] ?? BreakerState(spelling: word) }
}

/// An endpoint of a service.
package struct Endpoint: Codable, Hashable, Sendable {
  /// What is to be read there.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case health, metrics
    case mediaServer = "media-server"
  }

  /// The service.
  package var service: ServiceName
  /// What is to be read there.
  package var kind: Kind
  /// Its URL.
  package var url: String
  /// The word a healthy answer carries in its `status`, for a health endpoint: good for this service beside the contract's
  /// ``Contract/goodWords``, and told apart by when a contract is looked for. Nil for none of its own.
  package var healthWord: String?

  /// An endpoint of a service.
  package init(service: ServiceName, kind: Kind, url: String, healthWord: String? = nil) {
    self.service = service
    self.kind = kind
    self.url = url
    self.healthWord = healthWord
  }
}

/// Where a signal comes from.
package struct SignalBinding: Codable, Hashable, Sendable {
  /// What the series is.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case counter, gauge, histogram

    /// What it is, as the manual says it.
    package var meaning: String {
      switch self {
      case .counter: "counts up; also the _count and _sum of a summary"
      case .gauge: "a value that comes and goes; also an info or a StateSet"
      case .histogram: "a family of buckets, by the family's name"
      }
    }
  }
  /// What to do when several series match.
  package enum Aggregation: String, Codable, Sendable, CaseIterable {
    /// Several are an error.
    case single
    /// Add them up.
    case sum
  }

  /// The signal.
  package var signal: SignalID
  /// What panes call it.
  package var title: String
  /// The series' name (for a histogram, its family's).
  package var series: String
  /// Labels the series must have, with these values; others may be there too.
  package var labels: [String: String]
  /// What the series is.
  package var kind: Kind
  /// What to do when several match.
  package var aggregation: Aggregation
  /// The unit of its values: `ms`, `s`, `bytes`, or empty for a plain number.
  package var unit: String
  /// Whether a series that is not there means 0 where its family is exposed: a labelled counter has no sample before its first event.
  package var absentIsZero: Bool
  /// For a breaker that has a series a state, of which the present one is 1: the label that names the state; nil for one series of codes.
  package var stateLabel: String?

  /// Where a signal comes from.
  package init(
    signal: SignalID, title: String, series: String, labels: [String: String] = [:], kind: Kind, aggregation: Aggregation = .single,
    unit: String = "", absentIsZero: Bool = false, stateLabel: String? = nil
  ) {
    self.signal = signal
    self.title = title
    self.series = series
    self.labels = labels
    self.kind = kind
    self.aggregation = aggregation
    self.unit = unit
    self.absentIsZero = absentIsZero
    self.stateLabel = stateLabel
  }
}

/// What one value of the breaker's gauge means.
package struct BreakerCode: Codable, Hashable, Sendable {
  /// The gauge's value.
  package var value: Double
  /// The state it stands for.
  package var state: BreakerState

  /// A value and the state it stands for.
  package init(value: Double, state: BreakerState) {
    self.value = value
    self.state = state
  }

  /// The encoding of the data model: 0 closed, 1 open, 2 half-open.
  package static let dataModel = [
    BreakerCode(value: 0, state: .closed), BreakerCode(value: 1, state: .open), BreakerCode(value: 2, state: .halfOpen),
  ]
}

/// How log lines are built.
package enum LogFormat: String, Codable, Sendable, CaseIterable {
  /// One JSON object a line.
  case json
  /// Plain text: `%(asctime)s - %(name)s - %(levelname)s - %(message)s`.
  case pythonLogging = "python-logging"

  /// What it is, as the manual says it.
  package var meaning: String {
    switch self {
    case .json: "one object of fields a line: JSON, or logfmt"
    case .pythonLogging:
      "plain lines: \"time - logger - LEVEL - message\", the same between bars, and what else begins with a time and a level"
    }
  }
}

/// The limits that panes and rules use.
package struct Thresholds: Codable, Hashable, Sendable {
  /// How far audio and video may lie apart, in milliseconds: |delta| below it is within.
  package var syncMilliseconds: Double
  /// The share of segments that must lie within, 0 to 1.
  package var syncShare: Double
  /// Consecutive retryable failures that open the breaker.
  package var breakerFailures: Int
  /// Whether a fragment that timed out counts as such a failure.
  package var timeoutsCountAsFailures: Bool
  /// How long the breaker stays open at least, in seconds from the last failure.
  package var breakerCooldownSeconds: Double
  /// How many fragments may be in flight.
  package var maxInflight: Int
  /// How long a fragment may take, in seconds.
  package var fragmentTimeoutSeconds: Double
  /// The length of a segment, in seconds.
  package var segmentSeconds: Double
  /// The delays before reconnection attempts.
  package var backoff: BackoffSchedule

  /// The limits, by default those of the data model.
  package init(
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
