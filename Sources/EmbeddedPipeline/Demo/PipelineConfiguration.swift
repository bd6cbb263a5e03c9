import Events

/// What an embedded pipeline is started with.
package struct PipelineConfiguration: Sendable, Equatable {
  /// In which shape its services show themselves.
  package var shape = ServiceShape.spec018
  /// How long the speech service takes for a fragment, in milliseconds.
  package var processingDelayMilliseconds = 1200
  /// Whether the speech service sends backpressure messages by load.
  package var isBackpressureEnabled = true
  /// The worker's rules.
  package var rules = WorkerRules()
  /// Whether the worker takes a stream from the media server and puts one there; otherwise its segments are cut by the clock.
  package var isStreamed = true
  /// Where the dub of the test stream's sound lies, which the speech service answers with; nil for an echo.
  package var dubTrack: String?
  /// Whether the test stream is published once instead of over and over.
  package var isPublishedOnce = false
  /// Without a stream: after how many segments the input ends; nil for an input without end.
  package var segmentLimit: Int?
  /// The stream's name.
  package var streamID = "test"
  /// What the services log at least.
  package var logLevel = LogLevel.info
  /// Where the private directory for logs is made.
  package var temporaryDirectory = "/tmp"

  /// The defaults.
  package init() {}
}

/// Where an embedded pipeline's services answer.
package struct EmbeddedEndpoints: Sendable, Hashable {
  /// An address of a service.
  package struct Address: Sendable, Hashable {
    /// The service.
    package var service: ServiceName
    /// A URL, or for a log its path.
    package var location: String
  }

  /// Health checks.
  package var health: [Address]
  /// Metrics.
  package var metrics: [Address]
  /// Log files.
  package var logs: [Address]
  /// The media server's API, in MediaMTX's shape.
  package var mediaServer: String
  /// Where streams are published and read: this URL, a slash and a path such as `live/test/in`.
  package var mediaBase: String
  /// The private directory that holds the log files; removed by `stop()`, and by whoever ends the program otherwise.
  package var directory: String
}
