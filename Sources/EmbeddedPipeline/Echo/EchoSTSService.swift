import Events
import SocketIO
import SpeechProtocol
import Synchronization
import TransportStream
import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The speech service's stand-in: sends audio back as it came or in the voice of its dub (``EchoVoice``), over the real protocol, and fails on demand.
///
/// It runs from `start()` until `stop()` or a crash on demand; either way its sockets are closed then, as a process's are.
package actor EchoSTSService {
  /// One client.
  struct Client {
    var session: EchoSession
    let outbox: AsyncStream<EchoSession.Action>.Continuation
    var timers = TimerSet<EchoSession.Timer>()
  }

  /// Whether an outage is on; read by the server's own threads.
  final class OutageFlag: Sendable {
    private let flag = Atomic<Bool>(false)
    var isOn: Bool {
      get { flag.load(ordering: .acquiring) }
      set { flag.store(newValue, ordering: .releasing) }
    }
  }

  /// Timers of the service itself.
  enum ServiceTimer: Hashable, Sendable {
    case outageEnds, latencyEnds
    case disconnect(clientID: String)
  }

  /// Undelivered messages to one client before it is dropped as too slow.
  static let outboxLimit = 512
  /// Streams whose error rules are kept for later sessions.
  static let keptStreams = 64

  let configuration: EchoSTSConfiguration
  let clock: any RunClock
  private let destination: LogDestination
  private let onLogLoss: LogLoss?
  private let latch = ExitLatch()
  private let outageFlag = OutageFlag()
  private var server: SocketIOServer?
  private var log: LogWriter?
  private var startedAt = RunInstant.zero
  /// What it answers with; nil for an echo.
  var dubTrack: DubTrack?
  var clients: [String: Client] = [:]
  var timers = TimerSet<ServiceTimer>()
  /// Added to the configured processing delay while a latency fault is on, in seconds.
  var addedLatency = 0.0
  /// Whether an outage was asked for and is not over; it begins a moment later, and what it is asked for in between holds.
  var isOutageWanted = false
  /// Error rules per stream, for sessions that come later.
  var rulesByStream: [String: STSErrorSimulation] = [:]

  /// A service that is not running yet.
  /// - Parameter onLogLoss: told in one sentence when lines of its log begin to be lost.
  package init(configuration: EchoSTSConfiguration, clock: any RunClock, log: LogDestination, onLogLoss: LogLoss? = nil) {
    self.onLogLoss = onLogLoss
    self.configuration = configuration
    self.clock = clock
    destination = log
  }

  /// Begins to listen.
  /// - Returns: the port.
  /// - Throws: a `Problem` when the log file or the port cannot be had.
  @discardableResult
  package func start() async throws -> Int {
    if case .dub(let path) = configuration.voice { dubTrack = try Self.dubTrack(at: path) }
    let log = try LogWriter(destination, shape: configuration.shape, minimum: configuration.logLevel, clock: clock, onLoss: onLogLoss)
    self.log = log
    startedAt = clock.now()
    let flag = outageFlag
    var sockets = SocketIOServerConfiguration()
    sockets.http.access = HTTPAccess(allowedOrigins: configuration.allowedOrigins)
    let server = SocketIOServer(
      configuration: sockets, authorize: { _, _ in flag.isOn ? "outage: try again later" : nil },
      httpHandler: { [weak self] request in
        await self?.answer(request) ?? .text("gone", status: 503)
      },
      onConnection: { [weak self] connection in await self?.serve(connection) })
    do {
      let port = try await server.start(host: configuration.host, port: configuration.port)
      self.server = server
      write(EchoLogText.listening(host: configuration.host, port: port))
      write(EchoLogText.voice(configuration.voice))
      return port
    } catch {
      log.close()
      throw Problem(.endpoint, "echo-sts cannot listen on \(configuration.host):\(configuration.port): \(ListenFailure.words(error))")
    }
  }

  private static func dubTrack(at path: String) throws(Problem) -> DubTrack {
    // Larger than any dub track: what else it may be is not read into memory.
    guard let bytes = SmallFile.bytes(of: path, atMost: dubTrackLimit + 1), bytes.count <= dubTrackLimit else {
      throw Problem(
        .file,
        "the dub track \(EnvironmentReader.quoted(path)) cannot be read: it is not there, or no file of at most \(dubTrackLimit >> 20) MB",
        hint: "make it by fixture make, which writes it beside the test stream")
    }
    do throws(Problem) { return try DubTrack(bytes) } catch {
      throw Problem(error.code, "\(EnvironmentReader.quoted(path)) \(error.sentence)", hint: error.hint)
    }
  }
  private static let dubTrackLimit = 64 << 20

  /// Stops; bounded in time.
  package func stop() async { await end(ServiceExit(status: 0, reason: "stopped")) }

  /// Waits until the service has ended; nil when the waiting task is cancelled.
  package func waitUntilExit() async -> ServiceExit? { await latch.wait() }

  /// Ends the service as a process ends: every socket is closed and nothing more is done.
  func end(_ exit: ServiceExit) async {
    guard let server else { return await latch.open(exit) }
    self.server = nil
    timers.cancelAll()
    for id in clients.keys {
      clients[id]?.timers.cancelAll()
      clients[id]?.outbox.finish()
    }
    clients = [:]
    if exit.status == 0 { write(EchoLogText.stopped()) }
    await server.dropAllConnections()
    await server.shutdown()
    log?.close()
    await latch.open(exit)
  }

  func write(_ entries: [LogEntry]) {
    for entry in entries { log?.write(entry) }
  }

  func write(_ text: EchoLogText) { write(text.entries(shape: configuration.shape)) }

  /// Switches an outage as it is wanted: `/health` answers 503, clients are dropped and no new one is let in.
  func applyOutage() async {
    let isOn = isOutageWanted
    if isOn != outageFlag.isOn {
      outageFlag.isOn = isOn
      write(isOn ? EchoLogText.outageBegan() : EchoLogText.outageEnded())
    }
    if isOn { await server?.dropAllConnections() }
  }

  var isOutage: Bool { outageFlag.isOn }
  var uptimeSeconds: Double { clock.now().seconds(since: startedAt) }
}
