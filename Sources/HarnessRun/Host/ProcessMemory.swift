#if canImport(Glibc)
  import Glibc
#endif

/// Gives memory that is not in use back to the system: reading contracts at the start takes eight megabytes for a moment, and
/// the C library would keep them for good.
package enum ProcessMemory {
  /// Makes the C library keep little that is not in use; before the first thread is started.
  package static func keepLittle() {
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

  /// Lets go of the program's own code pages: most of them served the start alone. Those still in use come back from the file at once.
  static func releaseCode() {
    #if os(Linux)
      guard let maps = fopen("/proc/self/maps", "r") else { return }
      defer { fclose(maps) }
      // The first mapping of all is of the program itself. What is executable and not writable is as it stands in the file.
      var program: Substring?
      var line = [CChar](repeating: 0, count: 4096)
      while fgets(&line, Int32(line.count), maps) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        // Addresses, rights, offset, device, inode, path; a path may have spaces in it, and columns are padded with them.
        let fields = text.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
        guard fields.count == 6, let path = fields[5].firstIndex(of: "/").map({ fields[5][$0...] }) else { break }
        guard path == program ?? path else { break }
        program = path
        let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard fields[1] == "r-xp", ends.count == 2, let begin = UnsafeMutableRawPointer(bitPattern: ends[0]) else { continue }
        madvise(begin, Int(ends[1] - ends[0]), MADV_DONTNEED)
      }
    #endif
  }

  /// Trims now and then until cancelled.
  static func keepTrimmed() async {
    var seconds = 2
    while !Task.isCancelled {
      trim()
      try? await Task.sleep(for: .seconds(seconds))
      releaseCode()
      seconds = min(60, seconds * 4)
    }
  }
}
