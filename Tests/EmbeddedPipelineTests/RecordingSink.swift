import Events
import Foundation
import HarnessCore
import RunModel
import SocketIO
import Synchronization
import Testing
import WireFormats

@testable import EmbeddedPipeline

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Keeps what a pipeline says.
final class RecordingSink: EventSink {
  private let kept = Mutex<[Happening]>([])
  func emit(_ event: RunEvent, from source: SourceID) async {
    if case .happening(let happening) = event { kept.withLock { $0.append(happening) } }
  }
  var happenings: [Happening] { kept.withLock { $0 } }
  var faults: [FaultHappening] {
    happenings.compactMap { if case .fault(let fault) = $0.kind { fault } else { nil } }
  }
  var lifecycles: [(ServiceName, ServiceLifecycle)] {
    happenings.compactMap { if case .lifecycle(let change) = $0.kind { ($0.service, change) } else { nil } }
  }
}

/// A running pipeline for one test, with its log and metrics as an onlooker sees them.
struct LivePipeline {
  let pipeline: EmbeddedPipeline
  let endpoints: EmbeddedEndpoints
  let sink = RecordingSink()
  let clock: ScaledClock
  /// Where its faults are asked for.
  let desk: FaultDesk

  /// - Parameter isStreamed: whether a stream goes through it, which somebody must publish.
  init(_ configuration: PipelineConfiguration, speed: Double, isStreamed: Bool = false) async throws {
    clock = ScaledClock(speed: speed, wallOrigin: WallTime(epochSeconds: Date().timeIntervalSince1970))
    var configuration = configuration
    configuration.temporaryDirectory = NSTemporaryDirectory()
    configuration.isStreamed = isStreamed
    pipeline = EmbeddedPipeline(configuration: configuration, clock: clock, sink: sink)
    endpoints = try await pipeline.start()
    desk = FaultDesk(clock: clock, sink: sink)
    let worker = ServiceAddress(port: port(.mediaService))
    await desk.open([
      SpeechControl(ServiceAddress(port: port(.speechService)), streamID: configuration.streamID),
      WorkerControl(worker, unavailable: isStreamed ? nil : "no stream goes through this pipeline"),
      WorkerProcess(worker, owner: Owner(pipeline: pipeline)),
      PublisherMeans(nil, unavailable: "this pipeline has no publisher of its own"),
    ])
  }

  /// Runs the worker's process.
  private struct Owner: WorkerProcess.Owner {
    let pipeline: EmbeddedPipeline
    var doesWorkerRun: Bool { get async { await pipeline.doesWorkerRun } }
    func waitForWorkerEnd() async { await pipeline.waitForWorkerEnd() }
    func restartWorker() async throws { try await pipeline.restartWorker() }
  }

  func port(_ service: ServiceName) -> Int {
    endpoints.health.first { $0.service == service }.flatMap { URL(string: $0.location)?.port } ?? 0
  }

  /// Ends its faults and its services.
  func stop() async {
    await desk.stop(servicesLiveOn: false)
    await pipeline.stop()
  }

  /// The worker's log as JSON.
  func log(_ service: ServiceName = .mediaService) -> [JSONValue] {
    guard let path = endpoints.logs.first(where: { $0.service == service })?.location,
      let text = try? String(contentsOfFile: path, encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").compactMap { try? JSONValue.parse(String($0)) }
  }

  func messages(_ text: String) -> [JSONValue] { log().filter { $0["msg"]?.stringValue?.contains(text) == true } }

  func metricsText() async throws -> String {
    let url = try #require(endpoints.metrics.first.flatMap { URL(string: $0.location) })
    return try await Fetch.text(url).body
  }

  func metric(_ series: String) async throws -> Double? {
    try await metricsText().split(separator: "\n").first { $0.hasPrefix(series + " ") }
      .flatMap { Double($0.dropFirst(series.count + 1)) }
  }
}

/// A plain HTTP request over a socket of its own.
enum Fetch {
  static func text(_ url: URL, method: String = "GET") async throws -> (status: Int, body: String) {
    var request = URLRequest(url: url)
    request.httpMethod = method
    request.timeoutInterval = 10
    let (data, response) = try await URLSession.shared.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
  }
}
