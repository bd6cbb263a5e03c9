import Events
import HarnessCore
import RunModel

/// Services of nobody: what is asked of a driver is written down.
actor FakeServices: EnvironmentDriver {
  enum Call: Hashable { case start, startedAgain, noteFailure, stop }

  nonisolated let name = "fake"
  nonisolated let ownsServices: Bool
  private let failure: EnvironmentFailure?
  private(set) var calls: [Call] = []
  private var runs = false

  init(ownsServices: Bool = false, failure: EnvironmentFailure? = nil) {
    self.ownsServices = ownsServices
    self.failure = failure
  }

  var leftovers: EnvironmentLeftovers { EnvironmentLeftovers(advice: ["it still runs"]) }

  func start(into sink: any EventSink) async throws(EnvironmentFailure) -> EnvironmentEndpoints {
    calls.append(.start)
    if let failure { throw failure }
    runs = true
    return EnvironmentEndpoints()
  }

  func startedAgain() async throws(EnvironmentFailure) -> EnvironmentEndpoints? {
    guard runs else { return nil }
    calls.append(.startedAgain)
    return EnvironmentEndpoints()
  }

  func noteFailure() async { calls.append(.noteFailure) }

  func stop() { calls.append(.stop) }
}
