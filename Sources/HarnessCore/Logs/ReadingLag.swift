import Events

/// How far reading lies behind writing: said when it begins and when it ends, and once a second between.
struct ReadingLag: Sendable {
  /// What is to be said.
  struct Word: Sendable, Hashable {
    /// How much is not read yet; nil where it was caught up with.
    let bytes: Int?
  }

  /// From how many unread bytes on it is said, and below how many it is over.
  let lagging: Int
  let caughtUp: Int
  private var saidAt: RunInstant?

  init(lagging: Int, caughtUp: Int) {
    self.lagging = lagging
    self.caughtUp = caughtUp
  }

  /// Takes in how much is not read yet; nil where nothing is to be said.
  /// - Parameter speed: seconds of the pipeline in a real one.
  mutating func note(_ unread: Int, at now: RunInstant, speed: Double) -> Word? {
    guard let last = saidAt else {
      guard unread >= lagging else { return nil }
      saidAt = now
      return Word(bytes: unread)
    }
    if unread < caughtUp {
      saidAt = nil
      return Word(bytes: nil)
    }
    guard now.seconds(since: last) >= speed else { return nil }
    saidAt = now
    return Word(bytes: unread)
  }
}
