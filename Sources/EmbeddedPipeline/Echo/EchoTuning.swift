import SpeechProtocol

/// What a session of the speech service goes by.
struct EchoTuning: Sendable, Equatable {
  /// Whether backpressure messages are sent by load.
  var isBackpressureEnabled = false
  /// Load (in flight / limit) from which on each level holds.
  var low = 0.5
  var medium = 0.7
  var high = 0.9
  /// How long the connection stays after `stream:complete`, in seconds.
  var autoDisconnectSeconds = 5.0
  /// How long a finished fragment waits for a lower sequence number that never came, in seconds.
  var gapSeconds = 0.5

  /// The level of a load; nil below the lowest.
  func level(inflight: Int, limit: Int) -> BackpressureSeverity? {
    let load = Double(inflight) / Double(max(1, limit))
    return load >= high ? .high : load >= medium ? .medium : load >= low ? .low : nil
  }
}

/// What came of a stream's fragments so far.
struct EchoStatistics: Sendable {
  /// Processing times kept for the percentile; older ones are dropped.
  static let kept = 10_000

  var totalDurationMilliseconds = 0
  private var counts: [STSFragmentStatus: Int] = [:]
  private var totalMilliseconds = 0
  private var times: [Int] = []

  mutating func record(_ result: STSFragmentProcessed) {
    counts[result.status, default: 0] += 1
    totalMilliseconds += result.processingTimeMs
    if times.count == Self.kept { times.removeFirst(Self.kept / 2) }
    times.append(result.processingTimeMs)
  }

  func summary(streamID: String) -> STSStreamComplete {
    let total = counts.values.reduce(0, +)
    let sorted = times.sorted()
    // Nearest rank: the smallest value that at least 95 % of all do not exceed.
    let rank = max(1, (sorted.count * 95 + 99) / 100)
    return STSStreamComplete(
      streamID: streamID, totalFragments: total, totalDurationMs: totalDurationMilliseconds,
      statistics: STSStreamStatistics(
        successCount: counts[.success] ?? 0, partialCount: counts[.partial] ?? 0, failedCount: counts[.failed] ?? 0,
        avgProcessingTimeMs: total == 0 ? 0 : Double(totalMilliseconds) / Double(total),
        p95ProcessingTimeMs: sorted.isEmpty ? 0 : Double(sorted[rank - 1])))
  }
}
