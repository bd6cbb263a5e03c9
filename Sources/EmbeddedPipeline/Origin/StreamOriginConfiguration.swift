import HarnessModel
import WireFormats

/// What a `stream-origin` is started with.
public struct StreamOriginConfiguration: Sendable, Equatable {
  /// Address to listen on.
  public var host = "127.0.0.1"
  /// Port for everything: media, API, metrics, health; 0 for any free one.
  public var port = 8888
  /// A further port for the API alone, as MediaMTX has it on 9997; 0 for any free one, nil for none.
  public var apiPort: Int?
  /// A further port for the metrics alone, as MediaMTX has them on 9998; 0 for any free one, nil for none.
  public var metricsPort: Int?
  /// What is logged at least.
  public var logLevel = LogLevel.info
  /// In which shape log lines are written.
  public var shape = ServiceShape.spec018
  /// Whether `POST /control` is answered.
  public var isControlEnabled = false
  /// What it allows.
  public var limits = StreamOriginLimits()

  /// The defaults.
  public init() {}

  /// The defaults, changed by ORIGIN_HOST, ORIGIN_PORT, ORIGIN_API_PORT, ORIGIN_METRICS_PORT and LOG_LEVEL; throws a
  /// `Problem` in one sentence.
  public init(environment: [String: String]) throws {
    let reader = EnvironmentReader(environment: environment)
    host = reader.text("ORIGIN_HOST") ?? host
    port = try reader.integer("ORIGIN_PORT", 0...65535) ?? port
    apiPort = try reader.integer("ORIGIN_API_PORT", 0...65535)
    metricsPort = try reader.integer("ORIGIN_METRICS_PORT", 0...65535)
    logLevel = try reader.logLevel("LOG_LEVEL") ?? logLevel
  }
}

/// What a `stream-origin` allows. Times are real time, because they are about sockets.
public struct StreamOriginLimits: Sendable, Equatable {
  /// Paths that are published at once.
  public var paths = 64
  /// Connections at once, of publishers, readers and all others.
  public var connections = 512
  /// Bytes that may wait for one reader; beyond, it is dropped.
  public var readerBytes = 16 << 20
  /// How long a reader may take nothing while bytes wait for it, in seconds; then it is dropped.
  public var readerStallSeconds = 10.0
  /// Bytes kept of a path from its last key frame on, for readers that come; beyond, they wait for the next key frame.
  public var joinBytes = 8 << 20
  /// The same for all paths together.
  public var totalJoinBytes = 64 << 20
  /// How long a publisher may send nothing, in seconds; then its path is free again.
  public var publisherSilenceSeconds = 10.0
  /// How long a request may take to arrive, in seconds.
  public var requestSeconds = 10.0
  /// How long a connection may stay open between two requests, in seconds.
  public var idleSeconds = 75.0

  /// The defaults.
  public init() {}
}
