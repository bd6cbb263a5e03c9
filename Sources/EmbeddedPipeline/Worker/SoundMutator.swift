/// Puts other sound out than the speech service answered with, where a worker breaks a rule on purpose: it goes on telling that all is well.
struct SoundMutator: Sendable {
  /// What a segment's audio shall be: other frames, or nil for what came.
  struct Decision: Sendable {
    var index: Int
    var dubbed: [[UInt8]]?
  }

  /// The segment that is broken.
  private static let broken = 4
  private var kept: [Int: [[UInt8]]] = [:]

  /// What is put out when a segment's sound is known.
  mutating func decisions(for index: Int, dubbed: [[UInt8]]?, by mutation: WorkerMutation?) -> [Decision] {
    let plain = Decision(index: index, dubbed: dubbed)
    guard let mutation, let dubbed else { return [plain] }
    switch mutation {
    case .passesOriginal: return [Decision(index: index, dubbed: nil)]
    case .repeatsSegment:
      defer { kept = [index: dubbed] }
      return [index == Self.broken ? Decision(index: index, dubbed: kept[index - 1] ?? dubbed) : plain]
    case .dropsSegment: return [index == Self.broken ? Decision(index: index, dubbed: []) : plain]
    case .goesSilent:
      guard index == Self.broken else { return [plain] }
      let silence = AACSilence.frame(byteCount: AACSilence.frameBytes(0))
      return [Decision(index: index, dubbed: dubbed.map { _ in silence })]
    case .swapsSegments:
      if index == Self.broken {
        kept[index] = dubbed
        return []
      }
      guard index == Self.broken + 1, let earlier = kept.removeValue(forKey: Self.broken) else { return [plain] }
      return [Decision(index: Self.broken, dubbed: dubbed), Decision(index: index, dubbed: earlier)]
    case .opensAtFour, .halfOpenEarly, .sendsWhilePaused, .shortBackoff, .oneMoreInFlight, .skewsAudio, .losesFragment,
      .noFallbackWhileOpen, .countsNonRetryable, .growsLate:
      return [plain]
    }
  }
}
