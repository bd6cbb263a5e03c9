import HarnessModel

/// What an embedded pipeline is started with.
public struct PipelineConfiguration: Sendable, Equatable {
  /// In which shape its services show themselves.
  public var shape = ServiceShape.spec018
  /// How long the speech service takes for a fragment, in milliseconds.
  public var processingDelayMilliseconds = 1200
  /// Whether the speech service sends backpressure messages by load.
  public var isBackpressureEnabled = true
  /// The worker's rules.
  public var rules = WorkerRules()
  /// Whether the worker takes a stream from the media server and puts one there; otherwise its segments are cut by the clock.
  public var isStreamed = true
  /// Whether the test stream is published once instead of over and over.
  public var isPublishedOnce = false
  /// Without a stream: after how many segments the input ends; nil for an input without end.
  public var segmentLimit: Int?
  /// The stream's name.
  public var streamID = "test"
  /// What the services log at least.
  public var logLevel = LogLevel.info
  /// Where the private directory for logs is made.
  public var temporaryDirectory = "/tmp"

  /// The defaults.
  public init() {}
}

/// Where an embedded pipeline's services answer.
public struct EmbeddedEndpoints: Sendable, Hashable {
  /// An address of a service.
  public struct Address: Sendable, Hashable {
    /// The service.
    public var service: ServiceName
    /// A URL, or for a log its path.
    public var location: String
  }

  /// Health checks.
  public var health: [Address]
  /// Metrics.
  public var metrics: [Address]
  /// Log files.
  public var logs: [Address]
  /// The media server's API, in MediaMTX's shape.
  public var mediaServer: String
  /// Where streams are published and read: this URL, a slash and a path such as `live/test/in`.
  public var mediaBase: String
  /// The private directory that holds the log files; removed by `stop()`, and by whoever ends the program otherwise.
  public var directory: String
}
