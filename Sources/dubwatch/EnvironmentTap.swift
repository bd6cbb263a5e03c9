import HarnessCore
import HarnessModel
import Synchronization

/// Notes whether a run's environment failed: a monitor that shows so ends with the status of it, however it is left.
final class EnvironmentTap: EventTap {
  private let failed = Mutex(false)

  /// Whether it did.
  var hasFailed: Bool { failed.withLock { $0 } }

  func record(_ envelope: EventEnvelope) {
    guard case .happening(let happening) = envelope.event, case .environment(.failed, _) = happening.kind else { return }
    failed.withLock { $0 = true }
  }
}
