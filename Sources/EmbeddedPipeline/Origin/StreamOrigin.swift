import Events
import NIOCore
import NIOPosix
import SocketIO
import WireFormats

/// The media server's stand-in: takes MPEG-TS over HTTP from one publisher a path and gives it to any number of readers, and shows its
/// paths as MediaMTX does.
///
/// - `POST` or `PUT /live/test/in` with a body without end publishes `live/test/in`; a busy path is refused with 409.
/// - `GET /live/test/in` (or with `.ts`) reads it from the last key frame on, until the publisher leaves; 404 when there is none.
/// - `/v3/paths/list`, `/v3/paths/get/NAME`, `/metrics`, `/health`; `POST /control` with the actions `outage` and `crash`.
///
/// It runs from `start()` until `stop()` or a crash on demand; its sockets are closed then, as a process's are.
package actor StreamOrigin {
  /// The ports it listens on.
  package struct Ports: Sendable, Hashable {
    /// For everything.
    package var main: Int
    /// For the API alone.
    package var api: Int?
    /// For the metrics alone.
    package var metrics: Int?
  }

  private let configuration: StreamOriginConfiguration
  private let clock: any RunClock
  private let destination: LogDestination
  private let onLogLoss: LogLoss?
  private let latch = ExitLatch()
  private let loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
  private var core: NIOLoopBoundBox<OriginCore>?
  private var log: LogWriter?

  /// An origin that is not running yet.
  /// - Parameter onLogLoss: told in one sentence when lines of its log begin to be lost.
  package init(configuration: StreamOriginConfiguration = .init(), clock: any RunClock, log: LogDestination, onLogLoss: LogLoss? = nil) {
    self.onLogLoss = onLogLoss
    self.configuration = configuration
    self.clock = clock
    destination = log
  }

  /// Begins to listen.
  /// - Throws: a `Problem` when the log file or a port cannot be had.
  @discardableResult
  package func start() async throws -> Ports {
    guard core == nil else { throw Problem(.environment, "this stream-origin was started already") }
    let log = try LogWriter(destination, shape: configuration.shape, minimum: configuration.logLevel, clock: clock, onLoss: onLogLoss)
    self.log = log
    let (loop, limits, shape, clock) = (loop, configuration.limits, configuration.shape, clock)
    let crash: @Sendable () -> Void = { [weak self] in
      Task { await self?.end(.crashed) }
    }
    let onCrash = configuration.isControlEnabled ? crash : nil
    let core = NIOLoopBoundBox.makeBoxSendingValue(
      OriginCore(loop: loop, limits: limits, shape: shape, clock: clock, log: log, onCrash: onCrash), eventLoop: loop)
    self.core = core
    do {
      let main = try await listen(core, configuration.port, .everything)
      var ports = Ports(main: main)
      if let port = configuration.apiPort { ports.api = try await listen(core, port, .api) }
      if let port = configuration.metricsPort { ports.metrics = try await listen(core, port, .metrics) }
      log.write(OriginLogText.listening(host: configuration.host, port: main, shape: shape))
      return ports
    } catch {
      await shutDown(core)
      log.close()
      throw error
    }
  }

  private func listen(_ core: NIOLoopBoundBox<OriginCore>, _ port: Int, _ role: OriginRole) async throws -> Int {
    let host = configuration.host
    do {
      return try await loop.flatSubmit { core.value.listen(host: host, port: port, role: role) }.get()
    } catch {
      throw Problem(.endpoint, "stream-origin cannot listen on \(host):\(port): \(ListenFailure.words(error))")
    }
  }

  private func shutDown(_ core: NIOLoopBoundBox<OriginCore>) async {
    try? await loop.flatSubmit { core.value.shutdown() }.get()
  }

  /// Stops: readers get the end of their answers; bounded in time.
  package func stop() async { await end(ServiceExit(status: 0, reason: "stopped")) }

  private func end(_ exit: ServiceExit) async {
    guard let core, let log else { return await latch.open(exit) }
    self.log = nil
    await shutDown(core)
    if exit.status == 0 { log.write(OriginLogText.stopped(shape: configuration.shape)) }
    log.close()
    await latch.open(exit)
  }

  /// Waits until the origin has ended; nil when the waiting task is cancelled.
  package func waitUntilExit() async -> ServiceExit? { await latch.wait() }
}
