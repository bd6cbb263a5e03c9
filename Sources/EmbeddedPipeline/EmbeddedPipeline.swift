import Events
import RunModel
import SocketIO
import WireFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The stand-ins of the pipeline in this process, on loopback: they speak the real protocols, so that whoever watches cannot tell
/// them from containers. Starts and ends go to the sink as happenings; faults are done from outside, over `/control` and Socket.IO, but for the
/// worker's process, which is ours.
package actor EmbeddedPipeline {
  private let configuration: PipelineConfiguration
  private let clock: any RunClock
  private let sink: any EventSink
  private var directory: String?
  private var speech: EchoSTSService?
  private var worker: MediaServiceWorker?
  private var origin: StreamOrigin?
  private var watchers: [Task<Void, Never>] = []
  private var isStopping = false
  /// Ports stay the same when a service is started again.
  private var speechPort = 0
  private var workerPort = 0
  private var originPort = 0

  /// A pipeline that is not running yet.
  package init(configuration: PipelineConfiguration = PipelineConfiguration(), clock: any RunClock, sink: any EventSink) {
    self.configuration = configuration
    self.clock = clock
    self.sink = sink
  }

  /// Starts the services on free ports of 127.0.0.1.
  /// - Parameter willMake: hears of the directory before there is one, so that somebody can see to its end in every case.
  /// - Throws: a `Problem` when the directory or a port cannot be had; nothing is left behind then.
  package func start(willMake: @Sendable (String) async -> Void = { _ in }) async throws -> EmbeddedEndpoints {
    guard self.directory == nil else { throw Problem(.environment, "the embedded pipeline runs already") }
    let directory = configuration.temporaryDirectory + "/dubwatch-" + Identifiers.uuid()
    await willMake(directory)
    guard self.directory == nil else { throw Problem(.environment, "the embedded pipeline runs already") }
    guard mkdir(directory, 0o700) == 0 else {
      let reason = String(cString: strerror(errno)).lowercased()
      throw Problem(
        .file,
        "the folder for logs \(EnvironmentReader.quoted(directory)) cannot be made: \(reason); set TMPDIR to a folder that can be written")
    }
    self.directory = directory
    isStopping = false
    do {
      try await startOrigin()
      try await startSpeech()
      try await startWorker()
    } catch {
      await stop()
      throw error
    }
    let speechURL = "http://127.0.0.1:\(speechPort)"
    let workerURL = "http://127.0.0.1:\(workerPort)"
    return EmbeddedEndpoints(
      health: [
        .init(service: .mediaService, location: workerURL + "/health"), .init(service: .speechService, location: speechURL + "/health"),
        .init(service: .mediaServer, location: mediaBase + "/health"),
      ], metrics: [.init(service: .mediaService, location: workerURL + "/metrics")],
      logs: [
        .init(service: .mediaService, location: logPath(.mediaService)), .init(service: .speechService, location: logPath(.speechService)),
        .init(service: .mediaServer, location: logPath(.mediaServer)),
      ],
      mediaServer: mediaBase, mediaBase: mediaBase, directory: directory)
  }

  /// Ends the services and removes the directory; bounded in time.
  package func stop() async {
    isStopping = true
    await worker?.stop()
    await speech?.stop()
    await origin?.stop()
    for watcher in watchers { watcher.cancel() }
    watchers = []
    worker = nil
    speech = nil
    origin = nil
    if let directory { try? FileManager.default.removeItem(atPath: directory) }
    directory = nil
  }

  private func logPath(_ service: ServiceName) -> String { "\(directory ?? "")/\(service).log" }

  /// Where paths are published and read.
  private var mediaBase: String { "http://127.0.0.1:\(originPort)" }

  private func startOrigin() async throws {
    var settings = StreamOriginConfiguration()
    settings.port = originPort
    settings.logLevel = configuration.logLevel
    settings.shape = configuration.shape
    settings.isControlEnabled = true
    let service = StreamOrigin(configuration: settings, clock: clock, log: .file(logPath(.mediaServer)))
    originPort = try await service.start().main
    origin = service
    await say(.lifecycle(.started), .mediaServer)
    watchers.append(
      Task { [weak self] in
        guard let exit = await service.waitUntilExit() else { return }
        await self?.ended(.mediaServer, exit)
      })
  }

  private func startSpeech() async throws {
    var settings = EchoSTSConfiguration()
    settings.port = speechPort
    settings.processingDelayMilliseconds = configuration.processingDelayMilliseconds
    settings.isBackpressureEnabled = configuration.isBackpressureEnabled
    settings.voice = configuration.dubTrack.map { .dub(track: $0) } ?? .echo
    settings.isControlEnabled = true
    settings.logLevel = configuration.logLevel
    settings.shape = configuration.shape
    let service = EchoSTSService(configuration: settings, clock: clock, log: .file(logPath(.speechService)))
    speechPort = try await service.start()
    speech = service
    await say(.lifecycle(.started), .speechService)
    watchers.append(
      Task { [weak self] in
        guard let exit = await service.waitUntilExit() else { return }
        await self?.ended(.speechService, exit)
      })
  }

  private func startWorker() async throws {
    var settings = MediaServiceConfiguration()
    settings.port = workerPort
    settings.stsURL = "http://127.0.0.1:\(speechPort)"
    settings.streamID = configuration.streamID
    settings.rules = configuration.rules
    settings.segmentLimit = configuration.segmentLimit
    if configuration.isStreamed {
      settings.inputURL = "\(mediaBase)/live/\(configuration.streamID)/in"
      // The first worker is there before the publisher: nothing of the stream may be lost until it has found it. One that is started
      // again begins where the stream is.
      settings.readsInputFromStart = workerPort == 0
      settings.outputURL = "\(mediaBase)/live/\(configuration.streamID)/out"
      // As with the real one, which is started when the media server has the stream.
      settings.isInputAwaited = true
    }
    settings.isControlEnabled = true
    settings.logLevel = configuration.logLevel
    settings.shape = configuration.shape
    let service = MediaServiceWorker(configuration: settings, clock: clock, log: .file(logPath(.mediaService)))
    workerPort = try await service.start()
    worker = service
    await say(.lifecycle(.started), .mediaService)
    watchers.append(
      Task { [weak self] in
        guard let exit = await service.waitUntilExit() else { return }
        await self?.workerEnded(service, exit)
      })
  }

  private func workerEnded(_ service: MediaServiceWorker, _ exit: ServiceExit) async {
    if worker === service { worker = nil }
    await ended(.mediaService, exit)
  }

  private func ended(_ service: ServiceName, _ exit: ServiceExit) async {
    guard !isStopping else { return }
    await say(.lifecycle(.exited(status: exit.status, reason: exit.reason)), service)
  }

  /// Whether the worker's process runs.
  package var doesWorkerRun: Bool { worker != nil }

  /// Returns when the worker's process has ended; at once when it does not run.
  package func waitForWorkerEnd() async {
    guard let service = worker, await service.waitUntilExit() != nil else { return }
    if worker === service { worker = nil }
  }

  /// Starts the worker again on its old port; one that still runs is stopped first. Nothing is started in a pipeline that stops.
  package func restartWorker() async throws {
    guard directory != nil, !isStopping else { return }
    await worker?.stop()
    worker = nil
    try await startWorker()
  }

  private func say(_ kind: Happening.Kind, _ service: ServiceName) async {
    await sink.emit(.happening(Happening(kind, service: service, provenance: .own, reportedAt: clock.wallNow())), from: .harness)
  }
}
