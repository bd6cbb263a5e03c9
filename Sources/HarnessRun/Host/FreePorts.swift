import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ports of this machine that nobody uses now.
enum FreePorts {
  /// Below the range from which systems take ports for outgoing connections: those would be gone again by themselves.
  private static let range: ClosedRange<UInt16> = 15_000...31_999

  /// So many ports, all different.
  static func find(_ count: Int) throws(Problem) -> [UInt16] {
    var found: [UInt16] = []
    var tries = 0
    while found.count < count {
      tries += 1
      guard tries <= count + 1000 else { throw Problem(.endpoint, "no free TCP port was found on this machine") }
      let port = UInt16.random(in: range)
      if !found.contains(port), isFree(port) { found.append(port) }
    }
    return found
  }

  private static func isFree(_ port: UInt16) -> Bool {
    #if canImport(Glibc)
      let stream = Int32(SOCK_STREAM.rawValue)
    #else
      let stream = SOCK_STREAM
    #endif
    let socket = socket(AF_INET, stream, 0)
    guard socket >= 0 else { return false }
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    // On all addresses: whoever holds it on one of them would be in the way.
    address.sin_addr.s_addr = INADDR_ANY
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }
  }
}
