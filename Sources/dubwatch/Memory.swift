#if canImport(Glibc)
  import Glibc
#endif

/// Gives memory that is not in use back to the system: reading contracts at the start takes eight megabytes for a moment, and
/// the C library would keep them for good.
enum Memory {
  /// Trims the heap now; nothing where the C library cannot.
  static func trim() {
    #if canImport(Glibc)
      typealias Trim = @convention(c) (Int) -> Int32
      // Not declared to Swift. The symbol is glibc's own: `int malloc_trim(size_t)`.
      guard let symbol = dlsym(nil, "malloc_trim") else { return }
      _ = unsafeBitCast(symbol, to: Trim.self)(0)
    #endif
  }

  /// Trims now and then until cancelled.
  static func keepTrimmed() async {
    var seconds = 2
    while !Task.isCancelled {
      trim()
      try? await Task.sleep(for: .seconds(seconds))
      seconds = min(60, seconds * 4)
    }
  }
}
