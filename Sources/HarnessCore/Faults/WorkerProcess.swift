import Events
import WireFormats

/// Ends and starts the worker's process: whoever runs it says how.
package struct WorkerProcess: FaultMeans {
  /// The process, as its owner offers it.
  package protocol Owner: Sendable {
    /// Whether it runs.
    var doesWorkerRun: Bool { get async }
    /// Returns when it has ended; at once when it does not run.
    func waitForWorkerEnd() async
    /// Starts it on its old port; one that still runs is stopped first.
    func restartWorker() async throws
  }

  /// How long after it was asked for a crash may come, in real seconds.
  private static let crashLimit = 1.0

  /// What is done to the worker's process.
  package let kind = FaultKind.Means.workerProcess
  private let address: ServiceAddress?
  private let owner: any Owner

  /// - Parameter address: the worker's health and metrics.
  package init(_ address: ServiceAddress?, owner: any Owner) {
    self.address = address
    self.owner = owner
  }

  /// Whether it can be reached.
  package func can(_ fault: Fault) async -> FaultAbility {
    address == nil ? .unable("no address of \(fault.service) is known") : .able
  }

  /// Brings a fault about.
  package func begin(_ fault: Fault, lease: Double?) async throws {
    switch fault.kind {
    case .workerCrash:
      guard let address else { throw FaultRefusal("no address of the worker is known") }
      _ = try await ControlCall.http("POST", at: address, body: ["action": "crash"])
    case .workerRestart: try await owner.restartWorker()
    default: throw FaultRefusal("\(fault.kind.id) is nothing that is done to the worker's process")
    }
  }

  /// Somebody may have started it meanwhile: then it is left alone.
  package func end(_ fault: Fault) async throws {
    let owner = owner
    // A crash comes a moment after it was asked for.
    await TimeLimit.wait(seconds: Self.crashLimit) { await owner.waitForWorkerEnd() }
    if await !owner.doesWorkerRun { try await owner.restartWorker() }
  }
}
