/// A rule that a worker breaks on purpose, one at a time: each must make its scenario fail by an exact set of expectations.
package enum WorkerMutation: String, Sendable, Hashable, CaseIterable {
  /// The breaker opens at 4 failures.
  case opensAtFour = "opens-at-4"
  /// The breaker goes half-open after a third of the cooldown.
  case halfOpenEarly = "half-open-early"
  /// A pause is not kept.
  case sendsWhilePaused = "sends-while-paused"
  /// Attempts after 1, 2, 4, 8, 16 s.
  case shortBackoff = "backoff-1-2-4"
  /// One fragment more in flight than allowed.
  case oneMoreInFlight = "in-flight-4"
  /// The output's audio is 200 ms late.
  case skewsAudio = "skew-200"
  /// One answer is thrown away, and nothing stands in for it.
  case losesFragment = "lose-fragment"
  /// What the breaker refuses is thrown away.
  case noFallbackWhileOpen = "no-fallback-while-open"
  /// Failures that trying again would not mend count for the breaker too.
  case countsNonRetryable = "counts-non-retryable"
  /// What the speech service answers with is thrown away, and the original put out as if it were the dub.
  case passesOriginal = "passes-original"
  /// One segment's dub is put out once more in the next one's place.
  case repeatsSegment = "repeat-segment"
  /// One segment's dub is not put out, and nothing in its place.
  case dropsSegment = "drop-segment"
  /// Two segments' dubs are put out in each other's place.
  case swapsSegments = "swap-segments"
  /// One segment is put out silent.
  case goesSilent = "go-silent"
  /// Each segment leaves 40 ms later than its time than the one before.
  case growsLate = "grow-40-a-segment"
}
