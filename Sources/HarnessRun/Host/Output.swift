import Dispatch
import Synchronization
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output, written whole and at once: a pipe's reader sees a line when it is there.
package enum StandardOutput {
  /// Writes everything; false when nobody reads any more.
  @discardableResult
  package static func write(_ text: String) -> Bool {
    if Descriptor.write(Array(text.utf8), to: 1) { return true }
    let reason = errno
    if reason != EPIPE { lost.store(reason, ordering: .relaxed) }
    return false
  }

  /// Writes sentences for people, which the locale must be able to show: in ASCII where it is not one of UTF-8.
  @discardableResult
  package static func write(words: String) -> Bool { write(Marks.ofLocale == .ascii ? ASCIIText.plain(words) : words) }

  /// Why something that was to be read later is not there, as on a full disk; nil where all was written, or where nobody reads any more.
  package static var failure: String? {
    let reason = lost.load(ordering: .relaxed)
    return reason == 0 ? nil : String(cString: strerror(reason)).lowercased()
  }

  private static let lost = Atomic<Int32>(0)

  private static let queue = DispatchQueue(label: "standard output")

  /// Writes lines without holding up the run: a pipe whose reader stands still makes only the caller wait.
  /// - Returns: false when nobody reads any more, or the waiting task was cancelled.
  package static func write(lines: [String]) async -> Bool {
    guard !lines.isEmpty else { return true }
    let (results, result) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingOldest(1))
    queue.async { result.yield(write(words: lines.joined(separator: "\n") + "\n")) }
    for await isWritten in results { return isWritten }
    return false
  }
}

/// Standard error.
package enum StandardError {
  /// Writes what can be written.
  package static func write(_ text: String) {
    let text = Marks.ofLocale == .ascii ? ASCIIText.plain(text) : text
    _ = Descriptor.write(Array(text.utf8), to: 2)
  }
}

/// Files that the program writes for the user.
package enum FileOutput {
  /// Writes a file that is not there yet; never over one that is.
  package static func writeNew(_ text: String, to path: String) throws(Problem) {
    try write(text, to: path, flags: O_WRONLY | O_CREAT | O_EXCL)
  }

  /// Writes a file that is opened with these flags.
  /// - Parameter name: what the file is called in a sentence; nil for its path.
  static func write(_ text: String, to path: String, flags: Int32, called name: String? = nil) throws(Problem) {
    let descriptor = open(path, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Problem(.output, "\(name ?? path): \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    guard Descriptor.write(Array(text.utf8), to: descriptor) else {
      throw Problem(.output, "\(name ?? path): \(String(cString: strerror(errno)))")
    }
  }
}

private enum Descriptor {
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0, errno != EINTR {
        return false
      }
    }
    return true
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes, count)
  #else
    Darwin.write(descriptor, bytes, count)
  #endif
}
