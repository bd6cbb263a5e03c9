import RunModel
import TerminalCanvas

/// Where inputs and word of the run wait for the program's loop: one reader, two writers.
///
/// Inputs are never held back. Of the run only how far it has come waits here; the run itself is asked for when a frame is drawn.
actor MonitorMailbox {
  /// What the loop waits for.
  enum Interest {
    /// Anything.
    case everything
    /// What the user does, and what of the run should show at once.
    case news
    /// What the user does.
    case urgent
  }

  /// What came since the last look.
  struct Content: Sendable {
    var inputs: [TerminalInput] = []
    var progress: RunProgress?
    /// Whether something of the run should show at once.
    var hasNews = false
    var feedEnded = false
    var inputsEnded = false
    var notices: [String] = []
    /// Seconds that went by in front of a recording's screen.
    var played = 0.0

    var isEmpty: Bool { played == 0 && inputs.isEmpty && progress == nil && !feedEnded && !inputsEnded && notices.isEmpty }
    /// Whether the user did something, so that the screen must not wait.
    var isUrgent: Bool { !inputs.isEmpty || feedEnded || inputsEnded || !notices.isEmpty }

    func isReady(for interest: Interest) -> Bool {
      switch interest {
      case .everything: !isEmpty
      case .news: isUrgent || hasNews
      case .urgent: isUrgent
      }
    }
  }

  private var content = Content()
  private var reader: CheckedContinuation<Void, Never>?
  private var readerNumber = 0
  private var interest = Interest.everything
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

  func put(played seconds: Double) {
    content.played += seconds
    wake()
  }

  func endFeed() {
    content.feedEnded = true
    wake()
  }

  /// Says how far the run has come, and waits until that was taken.
  func put(_ progress: RunProgress, isNews: Bool) async {
    guard !isClosed else { return }
    content.progress = progress
    content.hasNews = content.hasNews || isNews
    wake()
    await withCheckedContinuation { writer = $0 }
  }

  /// Waits for something that is of interest; not longer than the limit, where given.
  func next(_ interest: Interest = .everything, within limit: Duration? = nil) async -> Content {
    self.interest = interest
    if !content.isReady(for: interest) {
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

  private func wake() {
    guard content.isReady(for: interest), let waiting = reader else { return }
    reader = nil
    waiting.resume()
  }

  private func expire(_ number: Int) {
    guard number == readerNumber, let waiting = reader else { return }
    reader = nil
    waiting.resume()
  }
}
