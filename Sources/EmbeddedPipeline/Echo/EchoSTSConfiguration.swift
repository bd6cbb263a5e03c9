import Events
import WireFormats

/// What an `echo-sts` service is started with.
package struct EchoSTSConfiguration: Sendable, Equatable {
  /// Address to listen on.
  package var host = "127.0.0.1"
  /// Port to listen on; 0 for any free one.
  package var port = 8080
  /// How long a fragment takes, in milliseconds, 0 to 60000.
  package var processingDelayMilliseconds = 0
  /// What is logged at least.
  package var logLevel = LogLevel.info
  /// Whether backpressure messages are sent by load.
  package var isBackpressureEnabled = false
  /// Load (in flight / limit) from which on backpressure is low.
  package var lowThreshold = 0.5
  /// The same for medium; not below low.
  package var mediumThreshold = 0.7
  /// The same for high; not below medium.
  package var highThreshold = 0.9
  /// How long the connection stays after `stream:complete`, in seconds.
  package var autoDisconnectSeconds = 5.0
  /// Origins (`http://127.0.0.1:5173`, or `*`) whose web pages may use the service, beside its own.
  package var allowedOrigins: [String] = []
  /// Whether `POST /control` is answered.
  package var isControlEnabled = false
  /// In which shape log lines are written.
  package var shape = ServiceShape.spec018
  /// In which voice it answers.
  package var voice = EchoVoice.echo

  /// The defaults.
  package init() {}

  /// The defaults, changed by ECHO_HOST, ECHO_PORT, ECHO_PROCESSING_DELAY_MS, LOG_LEVEL, BACKPRESSURE_ENABLED,
  /// BACKPRESSURE_THRESHOLD_LOW/MEDIUM/HIGH, AUTO_DISCONNECT_DELAY and ECHO_DUB_TRACK; throws a `Problem` in one sentence.
  package init(environment: [String: String]) throws {
    let reader = EnvironmentReader(environment: environment)
    host = reader.text("ECHO_HOST") ?? host
    port = try reader.integer("ECHO_PORT", 0...65535) ?? port
    processingDelayMilliseconds = try reader.integer("ECHO_PROCESSING_DELAY_MS", 0...60000) ?? processingDelayMilliseconds
    logLevel = try reader.logLevel("LOG_LEVEL") ?? logLevel
    isBackpressureEnabled = try reader.flag("BACKPRESSURE_ENABLED") ?? isBackpressureEnabled
    lowThreshold = try reader.number("BACKPRESSURE_THRESHOLD_LOW", 0.01...10) ?? lowThreshold
    mediumThreshold = try reader.number("BACKPRESSURE_THRESHOLD_MEDIUM", 0.01...10) ?? mediumThreshold
    highThreshold = try reader.number("BACKPRESSURE_THRESHOLD_HIGH", 0.01...10) ?? highThreshold
    autoDisconnectSeconds = try reader.number("AUTO_DISCONNECT_DELAY", 0...3600) ?? autoDisconnectSeconds
    if let track = reader.text("ECHO_DUB_TRACK"), !track.isEmpty { voice = .dub(track: track) }
    guard lowThreshold <= mediumThreshold, mediumThreshold <= highThreshold else {
      throw Problem(
        .usage, "BACKPRESSURE_THRESHOLD_LOW, _MEDIUM and _HIGH are \(lowThreshold), \(mediumThreshold) and \(highThreshold), but must rise")
    }
  }

  var tuning: EchoTuning {
    EchoTuning(
      isBackpressureEnabled: isBackpressureEnabled, low: lowThreshold, medium: mediumThreshold, high: highThreshold,
      autoDisconnectSeconds: autoDisconnectSeconds)
  }
}

/// In which voice the speech service's stand-in answers.
package enum EchoVoice: Sendable, Equatable {
  /// Sound comes back as it was.
  case echo
  /// Of the test stream's sound its dub comes back, by the file at this path (`DubTrack`); what is not in it comes back as it was, and the
  /// log says so.
  case dub(track: String)
}

/// In which shape a stand-in shows itself.
package enum ServiceShape: String, Sendable, CaseIterable {
  /// Metrics and JSON log lines of the data model.
  case spec018 = "spec-018"
  /// Metrics and plain-text log lines as the service in the field has them.
  case mediaService = "media-service"
}
