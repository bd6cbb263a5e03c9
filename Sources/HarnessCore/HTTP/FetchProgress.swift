import Synchronization

/// How far an answer has come when its time is over.
final class FetchProgress: Sendable {
  private enum Stage { case nothing, head, data }

  private let stage = Mutex(Stage.nothing)

  func headCame() { stage.withLock { $0 = .head } }

  func dataCame() { stage.withLock { $0 = .data } }

  /// Why nothing complete came in time.
  func timedOut(seconds: Double) -> FetchFailure {
    switch stage.withLock({ $0 }) {
    case .nothing: .timedOut(seconds: seconds)
    case .head: .incomplete(seconds: seconds, hasData: false)
    case .data: .incomplete(seconds: seconds, hasData: true)
    }
  }
}
