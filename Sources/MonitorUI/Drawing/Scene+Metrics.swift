import Events
import RunModel

/// Where the worker's figures come from, and why there are none.
extension Scene {
  /// The endpoints that tell of the worker shown: its own; for the worker of the contract, where it has none that is read, whichever is.
  private var metricsEndpoints: [ServiceName] {
    let worker = run.metricsService
    guard !run.isRead(.metrics, worker) else { return [worker] }
    guard run.shownLane == WorkerLane(run.contractWorker) else { return [] }
    return run.description?.sources.filter { $0.kind == .metrics }.map(\.service) ?? []
  }

  /// Whether anything was ever read of an endpoint that tells of the worker.
  var hasMetrics: Bool { metricsEndpoints.contains { run.metrics.scrapes[$0] != nil } }

  /// Why the worker's metrics cannot be had, and of which endpoint; nil when they can, or nothing is known.
  var metricsTrouble: (endpoint: ServiceName, reason: String)? {
    metricsEndpoints.lazy.compactMap { endpoint in
      run.sources[SourceID(.metrics, endpoint)]?.status.standing.reason.map { (endpoint, $0) }
    }.first
  }

  /// Why no figure of the worker was read: what is waited for is only what is read in this run.
  var metricsAbsence: String {
    let worker = run.metricsService
    if let trouble = metricsTrouble { return "no metrics of \(trouble.endpoint): \(trouble.reason)" }
    let endpoints = metricsEndpoints
    if !endpoints.isEmpty { return "waiting for the first scrape of \(Figure.list(endpoints.map(\.text), atMost: 3))" }
    let flag = worker == .mediaService ? "--metrics URL" : "--metrics \(worker)=URL"
    let isOneRead = run.description?.sources.contains { $0.kind == .metrics } ?? false
    return "no metrics endpoint\(isOneRead ? " of \(worker)" : "") is read: \(flag)"
  }
}
