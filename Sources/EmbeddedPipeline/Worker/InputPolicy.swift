/// When an input is tried again, and when it is given up (contract: *worker behaviour*). Pure.
struct InputPolicy: Sendable, Equatable {
  enum Decision: Sendable, Equatable {
    case retry(afterSeconds: Double)
    case giveUp(tries: Int)
  }

  /// Delays before the tries that follow a first one in vain.
  static let startDelays = [1.0, 2, 4]
  /// Delays after a loss; the last one stays.
  static let lossDelays = [0.25, 0.5, 1]

  /// Whether an input that is not there at the start is waited for without end.
  let isAwaited: Bool
  private var hasBeenThere = false
  private var failures = 0

  init(isAwaited: Bool) { self.isAwaited = isAwaited }

  /// The input was there; it is over or lost now.
  mutating func lost() -> Decision {
    hasBeenThere = true
    failures = 0
    return failed()
  }

  /// A try was in vain.
  mutating func failed() -> Decision {
    defer { failures += 1 }
    if hasBeenThere || isAwaited { return .retry(afterSeconds: Self.lossDelays[min(failures, Self.lossDelays.count - 1)]) }
    return failures < Self.startDelays.count ? .retry(afterSeconds: Self.startDelays[failures]) : .giveUp(tries: failures + 1)
  }
}
