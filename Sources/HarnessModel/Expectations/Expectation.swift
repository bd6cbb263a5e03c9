/// One rule over the history of a run.
public struct Expectation: Codable, Hashable, Sendable {
  /// A short stable name, unique in its scenario: `breaker-opens`.
  public var id: String
  /// The sentence shown: "breaker opens at exactly 5 failures".
  public var title: String
  /// The rule.
  public var rule: Rule
  /// By when it must be decided, in seconds since the scenario began; nil for the end of the scenario.
  public var deadlineSeconds: Double?
  /// Whether the run passes when this cannot be observed.
  public var isOptional: Bool

  /// One rule over the history of a run.
  public init(id: String, title: String? = nil, rule: Rule, deadlineSeconds: Double? = nil, isOptional: Bool = false) {
    self.id = id
    self.title = title ?? rule.sentence
    self.rule = rule
    self.deadlineSeconds = deadlineSeconds
    self.isOptional = isOptional
  }

  /// Which of the two measures of A/V sync; they are never mixed up.
  public enum SyncFigure: String, Codable, Hashable, Sendable, CaseIterable {
    /// Packets nearest to each boundary, as the data model has it; blind to a constant offset.
    case timestamps
    /// Beep against flash: the true offset.
    case content
  }

  /// When a gauge must be within its bounds.
  public enum GaugeTime: String, Codable, Hashable, Sendable, CaseIterable {
    /// At every moment; a sampled gauge can disprove this and never prove it.
    case always
    /// At the first scrape after the steps.
    case atEnd = "at_end"
    /// At least once.
    case eventually
  }

  /// What must hold.
  public enum Rule: Codable, Hashable, Sendable {
    /// A counter's total, or what it rose since the scenario began.
    case counter(MetricSelector, Comparison, Double, isDelta: Bool)
    /// A gauge within bounds, both included; nil for no bound.
    case gauge(MetricSelector, minimum: Double?, maximum: Double?, GaugeTime)
    /// So many happenings of a kind.
    case events(EventPattern, Comparison, Int)
    /// A share of at least `segments` segments within a sync threshold; nil takes the contract's numbers.
    case sync(SyncFigure, thresholdMilliseconds: Double?, share: Double?, segments: Int)
    /// The output is as long as the input.
    case outputDuration(toleranceSeconds: Double)
    /// The presentation times of each track rise from segment to segment.
    case presentationTimesRise
    /// Segments come out one after the other, none left out.
    case outputUnbroken
    /// The breaker opens at exactly so many consecutive retryable failures; nil takes the contract's number.
    case breakerOpens(failures: Int?)
    /// The breaker goes half-open within [cooldown, cooldown + one segment + 1 s] after the last failure.
    case breakerCooldown
    /// The breaker goes through these states, in this order and through no others.
    case breakerSequence([BreakerState])
    /// The breaker is never anything but closed.
    case breakerStaysClosed
    /// Gauge and log say the same about the breaker; they may differ for this many seconds.
    case breakerGaugeAgrees(withinSeconds: Double)
    /// No fallback with reason circuit_open unless the breaker is open.
    case fallbackOnlyWhileOpen
    /// While the breaker is open nothing is sent and every segment falls back.
    case fallbackWhileOpen
    /// After a pause nothing is sent until it is taken back.
    case pauseHolds
    /// Under slow_down every send waits for the delay.
    case slowDownHolds
    /// Never more fragments in flight than this; nil takes the session's limit.
    case inflightLimit(Int?)
    /// Attempts after the contract's delays, at least so many of them.
    case backoff(attempts: Int)
    /// After a reconnection the first fragment has sequence number 0.
    case freshSession
    /// A lost connection comes back.
    case recovers
    /// A service ends by itself with a status other than 0.
    case exitsWithFailure(ServiceName)
    /// No log line above a level, but for lines that contain one of these texts.
    case logsQuiet(above: LogLevel, allowed: [String], services: [ServiceName])
    /// Every health check is good; an empty list means every service.
    case healthy([ServiceName])
    /// Every fragment that was sent is processed or falls back.
    case fragmentsAccounted
    /// All metric families are kept as scraped when the steps were over.
    case snapshot
    /// Every step of the scenario could be done.
    case stepsDone
  }
}

extension Expectation {
  /// What a runner adds to every scenario: a fault that could not be injected must not pass.
  public static let stepsDone = Expectation(id: "steps", rule: .stepsDone)
}
