#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard input, output and error.
package enum StandardDescriptors {
  /// Gives those that are closed to nobody else: what is opened next would get their numbers, and be written to as if it were they.
  ///
  /// Output that was closed (`>&-`) fails when it is written to, so that it can be said; where sentences go nobody looks.
  package static func fill() {
    for (descriptor, flags) in [(Int32(0), O_RDONLY), (1, O_RDONLY), (2, O_WRONLY)] where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one: those below are open by now.
      _ = open("/dev/null", flags)
    }
  }
}
