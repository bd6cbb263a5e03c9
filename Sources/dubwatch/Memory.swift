#if canImport(Glibc)
  import Glibc
#endif

/// Gives memory that is not in use back to the system: reading contracts at the start takes eight megabytes for a moment, and
/// the C library would keep them for good.
enum Memory {
  /// Makes the C library keep little that is not in use; before the first thread is started.
  static func keepLittle() {
    #if canImport(Glibc)
      typealias Tune = @convention(c) (Int32, Int32) -> Int32
      // glibc's own: `int mallopt(int, int)`, with the numbers of malloc.h.
      guard let symbol = dlsym(nil, "mallopt") else { return }
      let tune = unsafeBitCast(symbol, to: Tune.self)
      let (trimThreshold, topPad, arenas): (Int32, Int32, Int32) = (-1, -2, -8)
      _ = tune(arenas, 1)
      _ = tune(trimThreshold, 128 * 1024)
      _ = tune(topPad, 64 * 1024)
    #endif
  }

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
