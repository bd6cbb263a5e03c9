import Events
import RunModel

/// What to publish, which faults to inject when, and what to expect.
package struct Scenario: Codable, Hashable, Sendable {
  /// Its name, as a command takes it.
  package var name: String
  /// One sentence on it.
  package var sentence: String
  /// What it needs of the environment.
  package var needs: EnvironmentNeeds
  /// What is published.
  package var publish: PublishPlan
  /// What is done, in order.
  package var steps: [ScenarioStep]
  /// What must hold.
  package var expectations: [Expectation]
  /// How long it may take from the moment the environment is ready, in seconds; then it is judged as it stands.
  package var timeLimitSeconds: Double
  /// How long it usually takes, in seconds; for the title bar.
  package var expectedSeconds: Double
  /// The highest pipeline speed at which it can be judged, at most 5.
  package var maximumSpeed: Double

  /// A scenario.
  package init(
    name: String, sentence: String, needs: EnvironmentNeeds = EnvironmentNeeds(), publish: PublishPlan = PublishPlan(),
    steps: [ScenarioStep] = [], expectations: [Expectation], timeLimitSeconds: Double, expectedSeconds: Double, maximumSpeed: Double = 5
  ) {
    self.name = name
    self.sentence = sentence
    self.needs = needs
    self.publish = publish
    self.steps = steps
    self.expectations = expectations
    self.timeLimitSeconds = timeLimitSeconds
    self.expectedSeconds = expectedSeconds
    self.maximumSpeed = maximumSpeed
  }
}

/// What a scenario needs of its environment; nil where it does not care.
package struct EnvironmentNeeds: Codable, Hashable, Sendable {
  /// How long the speech service takes for a fragment, in milliseconds.
  package var processingDelayMilliseconds: Int?
  /// Whether the speech service sends backpressure messages by load.
  package var sendsBackpressure: Bool?
  /// Fragments in flight that the worker asks for, 1 to 10.
  package var maxInflight: Int?
  /// How long a fragment may take, in milliseconds, 1000 to 120000.
  package var fragmentTimeoutMilliseconds: Int?
  /// What the services log at least.
  package var logLevel: LogLevel?

  /// What a scenario needs of its environment.
  package init(
    processingDelayMilliseconds: Int? = nil, sendsBackpressure: Bool? = nil, maxInflight: Int? = nil,
    fragmentTimeoutMilliseconds: Int? = nil, logLevel: LogLevel? = nil
  ) {
    self.processingDelayMilliseconds = processingDelayMilliseconds
    self.sendsBackpressure = sendsBackpressure
    self.maxInflight = maxInflight
    self.fragmentTimeoutMilliseconds = fragmentTimeoutMilliseconds
    self.logLevel = logLevel
  }
}

/// What is published, and for how long.
package struct PublishPlan: Codable, Hashable, Sendable {
  /// For how long.
  package enum Length: Codable, Hashable, Sendable {
    /// The fixture once, to its end.
    case once
    /// The fixture over and over, for this many seconds.
    case loop(seconds: Double)
  }

  /// For how long.
  package var length: Length
  /// The file; nil for the 60 s fixture that dubwatch makes.
  package var fixture: String?

  /// What is published, by default the fixture once.
  package init(length: Length = .once, fixture: String? = nil) {
    self.length = length
    self.fixture = fixture
  }

  /// How many whole segments this makes of the 60 s fixture.
  package func expectedSegments(segmentSeconds: Double, fixtureSeconds: Double = 60) -> Int {
    let seconds: Double =
      switch length {
      case .once: fixtureSeconds
      case .loop(let seconds): seconds
      }
    let count = (seconds / segmentSeconds + 1e-6).rounded(.down)
    return count.isFinite && count >= 0 && count < 1e9 ? Int(count) : 0
  }
}

/// One step of a scenario: when, and what.
package struct ScenarioStep: Codable, Hashable, Sendable {
  /// When it is due.
  package enum Moment: Codable, Hashable, Sendable {
    /// As soon as the step before is done.
    case next
    /// So many seconds after the scenario began.
    case at(seconds: Double)
    /// So many seconds after the step before was done.
    case after(seconds: Double)
    /// When a condition holds; the step fails when it does not within a limit.
    case when(ScenarioCondition, withinSeconds: Double)
  }

  /// What is done then.
  package enum Action: Codable, Hashable, Sendable {
    /// Nothing: waiting was all.
    case none
    /// A fault is injected.
    case inject(FaultRequest)
    /// A note goes into the history.
    case mark(String)
  }

  /// When it is due.
  package var moment: Moment
  /// What is done then.
  package var action: Action

  /// One step of a scenario.
  package init(_ moment: Moment, _ action: Action = .none) {
    self.moment = moment
    self.action = action
  }

  /// What it does, in words: "when the breaker is open: inject sts-disconnect".
  package var sentence: String {
    let time: String? =
      switch moment {
      case .next: nil
      case .at(let seconds): "at \(Figure.seconds(seconds))"
      case .after(let seconds): "after \(Figure.seconds(seconds))"
      case .when(let condition, _): "when \(condition.sentence)"
      }
    let deed: String? =
      switch action {
      case .none: nil
      case .inject(let fault): "inject \(fault.sentence)"
      case .mark(let text): "mark \"\(text)\""
      }
    return [time, deed].compactMap { $0 }.joined(separator: ": ")
  }
}

extension EnvironmentNeeds {
  /// The needs that nothing a service says can confirm, in words; nil where there are none.
  package var unverified: String? {
    var needs: [String] = []
    if sendsBackpressure == true { needs.append("backpressure on") }
    if let processingDelayMilliseconds, processingDelayMilliseconds > 5000 {
      needs.append("processing_delay_ms \(processingDelayMilliseconds)")
    }
    if let fragmentTimeoutMilliseconds, fragmentTimeoutMilliseconds != 8000 { needs.append("timeout_ms \(fragmentTimeoutMilliseconds)") }
    if let logLevel, logLevel == .debug { needs.append("log_level debug") }
    return needs.isEmpty ? nil : needs.joined(separator: ", ")
  }
}
