import Events
import WireFormats

/// What a program prints when it breaks down: lines without a level of their own, each of them an error.
enum LogTrace: Sendable {
  /// Python, and Rust: ends with the line that names the exception, or the reason.
  case python
  /// Go: ends with the first line that looks like none of it.
  case go
  /// Java: ends with the first line that is not indented and names no cause.
  case java

  /// Whether a line begins one.
  init?(begins line: UnsafeBufferPointer<UInt8>) {
    guard let first = line.first else { return nil }
    switch first {
    case UInt8(ascii: "T") where Self.starts(line, "Traceback (most recent call last):"): self = .python
    case UInt8(ascii: "p") where Self.starts(line, "panic: "): self = .go
    case UInt8(ascii: "f") where Self.starts(line, "fatal error: "): self = .go
    case UInt8(ascii: "g") where Self.starts(line, "goroutine "): self = .go
    case UInt8(ascii: "t")
    where Self.starts(line, "thread '") && String(decoding: line.prefix(200), as: UTF8.self).contains("' panicked at "):
      self = .python
    case UInt8(ascii: "E") where Self.starts(line, "Exception in thread "): self = .java
    default: return nil
    }
  }

  /// What is left of it behind a line; nil when the line was its last, or belongs to it no more.
  /// - Returns: whether the line belongs to it, and what follows.
  func takes(_ line: UnsafeBufferPointer<UInt8>) -> (belongs: Bool, rest: LogTrace?) {
    if let next = LogTrace(begins: line) { return (true, next) }
    guard let first = line.first(where: { $0 != 0x0d }) else { return (true, self) }
    let isIndented = isSpace(first)
    switch self {
    case .go:
      let isCall = line.last == UInt8(ascii: ")") || line.last == UInt8(ascii: ":") || Self.starts(line, "created by ")
      let belongs = isIndented || isCall || Self.starts(line, "[signal ") || Self.starts(line, "exit status ")
      return (belongs, belongs ? self : nil)
    case .python:
      // Between two of a chain.
      let isLink = Self.starts(line, "During handling of ") || Self.starts(line, "The above exception ")
      return (true, isIndented || isLink ? self : nil)
    case .java:
      let belongs = isIndented || Self.starts(line, "Caused by: ") || Self.starts(line, "Suppressed: ")
      return (belongs, belongs ? self : nil)
    }
  }

  private static func starts(_ line: UnsafeBufferPointer<UInt8>, _ text: StaticString) -> Bool {
    line.count >= text.utf8CodeUnitCount
      && line.prefix(text.utf8CodeUnitCount).elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
