import HarnessModel
import TerminalCanvas

/// Where inputs and batches wait for the program's loop: one reader, two writers.
///
/// Inputs are never held back. Of batches one may wait; its writer waits until it was taken, so that what comes faster than it is drawn is
/// joined in the feed's own bounded inbox.
actor MonitorMailbox {
  /// What came since the last look.
  struct Content: Sendable {
    var inputs: [TerminalInput] = []
    var batch: EventBatch?
    var feedEnded = false
    var inputsEnded = false
    var notices: [String] = []

    var isEmpty: Bool { inputs.isEmpty && batch == nil && !feedEnded && !inputsEnded && notices.isEmpty }
    /// Whether the user did something, so that the screen must not wait.
    var isUrgent: Bool { !inputs.isEmpty || feedEnded || inputsEnded || !notices.isEmpty }
  }

  private var content = Content()
  private var reader: CheckedContinuation<Void, Never>?
  private var readerNumber = 0
  private var urgentOnly = false
  private var writer: CheckedContinuation<Void, Never>?
  private var isClosed = false

  func put(_ input: TerminalInput) {
    content.inputs.append(input)
    wake()
  }

  func endInputs() {
    content.inputsEnded = true
    wake()
  }

  func put(notice: String) {
    content.notices.append(notice)
    wake()
  }

  func endFeed() {
    content.feedEnded = true
    wake()
  }

  /// Hands over a batch and waits until it was taken.
  func put(_ batch: EventBatch) async {
    guard !isClosed else { return }
    content.batch = batch
    wake()
    await withCheckedContinuation { writer = $0 }
  }

  /// Waits for something, or with `urgentOnly` for an input; not longer than `seconds`, where given.
  func next(urgentOnly: Bool = false, within limit: Duration? = nil) async -> Content {
    self.urgentOnly = urgentOnly
    if !isReady {
      readerNumber += 1
      let number = readerNumber
      let timer = limit.map { limit in
        Task {
          try? await Task.sleep(for: limit)
          self.expire(number)
        }
      }
      await withCheckedContinuation { reader = $0 }
      timer?.cancel()
    }
    let taken = content
    content = Content()
    writer?.resume()
    writer = nil
    return taken
  }

  /// Lets a waiting writer go; nothing is taken any more.
  func close() {
    isClosed = true
    writer?.resume()
    writer = nil
  }

  private var isReady: Bool { urgentOnly ? content.isUrgent : !content.isEmpty }

  private func wake() {
    guard isReady, let waiting = reader else { return }
    reader = nil
    waiting.resume()
  }

  private func expire(_ number: Int) {
    guard number == readerNumber, let waiting = reader else { return }
    reader = nil
    waiting.resume()
  }
}
