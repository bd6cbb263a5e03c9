/// How a service ended.
package struct ServiceExit: Sendable, Hashable {
  /// What a process would have returned; 0 when it was asked to stop.
  package var status: Int32
  /// Why, in words.
  package var reason: String

  /// The end of a service.
  package init(status: Int32, reason: String) {
    self.status = status
    self.reason = reason
  }

  /// What a crash on demand returns, as a process killed by SIGABRT does in a shell.
  static let crashed = ServiceExit(status: 134, reason: "crashed on demand")
}

/// Lets any number of tasks wait for one value that comes once.
actor ExitLatch {
  private var value: ServiceExit?
  private var waiters: [Int: CheckedContinuation<ServiceExit?, Never>] = [:]
  private var nextWaiter = 0

  /// The first value counts.
  func open(_ exit: ServiceExit) {
    guard value == nil else { return }
    value = exit
    for waiter in waiters.values { waiter.resume(returning: exit) }
    waiters = [:]
  }

  /// Waits for the value; nil when the waiting task is cancelled.
  func wait() async -> ServiceExit? {
    if let value { return value }
    let number = nextWaiter
    nextWaiter += 1
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled { continuation.resume(returning: nil) } else { waiters[number] = continuation }
      }
    } onCancel: {
      Task { await self.abandon(number) }
    }
  }

  private func abandon(_ number: Int) { waiters.removeValue(forKey: number)?.resume(returning: nil) }
}
