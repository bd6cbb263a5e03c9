import Events
import WireFormats

/// What a `stream-origin` is started with.
package struct StreamOriginConfiguration: Sendable, Equatable {
  /// Address to listen on.
  package var host = "127.0.0.1"
  /// Port for everything: media, API, metrics, health; 0 for any free one.
  package var port = 8888
  /// A further port for the API alone, as MediaMTX has it on 9997; 0 for any free one, nil for none.
  package var apiPort: Int?
  /// A further port for the metrics alone, as MediaMTX has them on 9998; 0 for any free one, nil for none.
  package var metricsPort: Int?
  /// What is logged at least.
  package var logLevel = LogLevel.info
  /// In which shape log lines are written.
  package var shape = ServiceShape.spec018
  /// Whether `POST /control` is answered.
  package var isControlEnabled = false
  /// What it allows.
  package var limits = StreamOriginLimits()

  /// The defaults.
  package init() {}

  /// The defaults, changed by ORIGIN_HOST, ORIGIN_PORT, ORIGIN_API_PORT, ORIGIN_METRICS_PORT and LOG_LEVEL; throws a
  /// `Problem` in one sentence.
  package init(environment: [String: String]) throws {
    let reader = EnvironmentReader(environment: environment)
    host = reader.text("ORIGIN_HOST") ?? host
    port = try reader.integer("ORIGIN_PORT", 0...65535) ?? port
    apiPort = try reader.integer("ORIGIN_API_PORT", 0...65535)
    metricsPort = try reader.integer("ORIGIN_METRICS_PORT", 0...65535)
    logLevel = try reader.logLevel("LOG_LEVEL") ?? logLevel
  }
}

/// What a `stream-origin` allows. Times are real time, because they are about sockets.
package struct StreamOriginLimits: Sendable, Equatable {
  /// Paths that are published at once.
  package var paths = 64
  /// Connections at once, of publishers, readers and all others.
  package var connections = 512
  /// Bytes that may wait for one reader; beyond, it is dropped.
  package var readerBytes = 16 << 20
  /// How long a reader may take nothing while bytes wait for it, in seconds; then it is dropped.
  package var readerStallSeconds = 10.0
  /// Bytes kept of a path from its last key frame on, for readers that come; beyond, they wait for the next key frame.
  package var joinBytes = 8 << 20
  /// The same for all paths together.
  package var totalJoinBytes = 64 << 20
  /// How long a publisher may send nothing, in seconds; then its path is free again.
  package var publisherSilenceSeconds = 10.0
  /// How long a request may take to arrive, in seconds.
  package var requestSeconds = 10.0
  /// How long a connection may stay open between two requests, in seconds.
  package var idleSeconds = 75.0

  /// The defaults.
  package init() {}
}
