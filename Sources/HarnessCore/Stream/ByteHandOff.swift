import DequeModule
import WireFormats

/// Bytes on their way from who reads them to who needs them: the giver waits while too many are under way.
///
/// One gives and one takes. Neither wait is cut short by cancellation: whoever is done calls ``finish(_:)`` or ``abandon()``.
actor ByteHandOff {
  /// How many bytes are under way until the giver waits.
  private let limit: Int
  private var pieces: Deque<[UInt8]> = []
  private var held = 0
  private var isFinished = false
  private var isAbandoned = false
  private var givers: [CheckedContinuation<Void, Never>] = []
  private var taker: CheckedContinuation<[UInt8]?, Never>?
  /// Why no more came, where that is no plain end.
  private(set) var problem: Problem?

  init(limit: Int = 128 << 10) { self.limit = limit }

  /// Gives bytes; returns when there is room for more.
  /// - Returns: whether anybody will take them.
  @discardableResult
  func give(_ bytes: [UInt8]) async -> Bool {
    guard !isAbandoned, !isFinished else { return false }
    if let taker {
      self.taker = nil
      taker.resume(returning: bytes)
      return true
    }
    pieces.append(bytes)
    held += bytes.count
    while held >= limit, !isAbandoned { await withCheckedContinuation { givers.append($0) } }
    return !isAbandoned
  }

  /// The next bytes; nil at the end.
  func take() async -> [UInt8]? {
    if let first = pieces.popFirst() {
      held -= first.count
      if held < limit { wake() }
      return first
    }
    guard !isAbandoned, !isFinished else { return nil }
    return await withCheckedContinuation { taker = $0 }
  }

  /// Puts bytes before all that wait.
  func putBack(_ bytes: [UInt8]) {
    pieces.prepend(bytes)
    held += bytes.count
  }

  /// Nothing more is given; what is under way is still taken.
  func finish(_ problem: Problem? = nil) {
    guard !isFinished, !isAbandoned else { return }
    isFinished = true
    self.problem = problem
    taker?.resume(returning: nil)
    taker = nil
  }

  /// Nothing more is taken: what is under way is lost.
  func abandon() {
    isAbandoned = true
    (pieces, held) = ([], 0)
    taker?.resume(returning: nil)
    taker = nil
    wake()
  }

  private func wake() {
    for giver in givers { giver.resume() }
    givers = []
  }

  /// What a child's standard input takes.
  nonisolated var input: AsyncStream<[UInt8]> {
    AsyncStream(unfolding: { await self.take() }, onCancel: { Task { await self.abandon() } })
  }
}
