import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why an address cannot be listened on, in plain words.
package enum ListenFailure {
  /// The words for an error of binding; nothing of the layers below is shown.
  package static func words(_ error: any Error) -> String {
    if case .badAddress(let words) = error as? SocketIOError { return words }
    if let error = error as? IOError {
      switch error.errnoCode {
      case EADDRINUSE: return "the port is in use already"
      case EADDRNOTAVAIL: return "this machine has no such address"
      case EACCES, EPERM: return "ports below 1024 need more rights than this user has"
      case EMFILE, ENFILE: return "there are no more file descriptors"
      default: return String(cString: strerror(error.errnoCode))
      }
    }
    return error is SocketAddressError.UnknownHost || error is SocketAddressError ? "there is no such host" : "it cannot be listened on"
  }
}
