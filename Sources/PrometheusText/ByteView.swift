#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A borrowed piece of memory, read without bounds checks.
///
/// Invariant that every user keeps: the memory outlives the view, and every index read lies in `0..<count`. Scanners reach
/// the end through ``byte(_:)``, which answers a newline there, so that the end of the input ends a line.
struct ByteView {
  let base: UnsafePointer<UInt8>
  let count: Int

  @inline(__always) init(base: UnsafePointer<UInt8>, count: Int) {
    self.base = base
    self.count = count
  }

  /// Lends bytes as a view; no bytes as a view of none.
  @inline(__always)
  static func with<Result, Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ body: (ByteView) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let base = bytes.baseAddress, bytes.count > 0 else {
      return try withUnsafePointer(to: 0 as UInt8) { empty throws(Failure) in try body(ByteView(base: empty, count: 0)) }
    }
    return try body(ByteView(base: base.assumingMemoryBound(to: UInt8.self), count: bytes.count))
  }

  @inline(__always) subscript(index: Int) -> UInt8 {
    base[index]
  }

  /// The byte at that place, or a newline at and after the end.
  @inline(__always) func byte(_ index: Int) -> UInt8 {
    index < count ? base[index] : ByteClass.newline
  }

  @inline(__always) func slice(_ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + start, count: end - start)
  }

  /// The text of a range that is known to be well-formed UTF-8.
  func string(_ start: Int, _ end: Int) -> String {
    String(decoding: slice(start, end), as: UTF8.self)
  }

  /// True when `length` bytes at `start` equal those at `otherStart` of `other`; false when either has fewer.
  @inline(__always) func matches(_ start: Int, _ other: ByteView, _ otherStart: Int, _ length: Int) -> Bool {
    guard count - start >= length, other.count - otherStart >= length else { return false }
    return memcmp(base + start, other.base + otherStart, length) == 0
  }

  /// True when the bytes from `start` to `end` are those of an ASCII word.
  func equals(_ start: Int, _ end: Int, _ word: StaticString) -> Bool {
    guard end - start == word.utf8CodeUnitCount, end <= count else { return false }
    return memcmp(base + start, word.utf8Start, end - start) == 0
  }

  /// The first place in `start..<end` that holds that byte, or `end`.
  @inline(__always) func firstIndex(of byte: UInt8, _ start: Int, _ end: Int) -> Int {
    guard end > start, let found = memchr(base + start, Int32(byte), end - start) else { return max(start, end) }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// Skips spaces and tabs.
  @inline(__always) func skipBlanks(_ start: Int) -> Int {
    var index = start
    while index < count, ByteClass.isBlank(base[index]) { index += 1 }
    return index
  }

  /// True at a newline, at the `\r` of a `\r\n`, at a `\r` that ends the input, and at the end.
  @inline(__always) func isLineEnd(_ index: Int) -> Bool {
    guard index < count else { return true }
    if base[index] == ByteClass.newline { return true }
    return base[index] == ByteClass.carriageReturn && byte(index + 1) == ByteClass.newline
  }

  /// The place after the line end that begins at `index`.
  @inline(__always) func afterLineEnd(_ index: Int) -> Int {
    guard index < count else { return index }
    return base[index] == ByteClass.carriageReturn ? min(index + 2, count) : index + 1
  }

  /// Where the line's text ends: at its newline, or at the `\r` before it.
  func lineEnd(_ start: Int) -> Int {
    let newline = firstIndex(of: ByteClass.newline, start, count)
    return newline > start && base[newline - 1] == ByteClass.carriageReturn ? newline - 1 : newline
  }
}
