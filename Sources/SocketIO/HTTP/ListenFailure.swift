import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why nobody can listen at an address, in words for people.
package enum ListenFailure {
  private static let words: [Int32: String] = [
    EADDRINUSE: "the port is in use: choose another one, or 0 for any that is free",
    EACCES: "this user may not listen on that port: choose one above 1023",
    EADDRNOTAVAIL: "this machine has no such address: listen on 127.0.0.1, or on 0.0.0.0 for all of its addresses",
    EMFILE: "this process has no file descriptors left",
    ENFILE: "this machine has no file descriptors left",
  ]

  /// The end of a sentence.
  package static func words(_ error: any Error) -> String {
    if let failure = error as? IOError {
      return words[failure.errnoCode] ?? String(cString: strerror(failure.errnoCode)).lowercased()
    }
    if let known = error as? SocketIOError { return known.description }
    return error is SocketAddressError || "\(type(of: error))".contains("UnknownHost") ? "there is no host of that name" : "\(error)"
  }
}
