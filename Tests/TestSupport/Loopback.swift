import Foundation

/// TCP on this machine, without any client of ours.
package enum Loopback {
  /// A port that nothing listens on now.
  package static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, streams, 0)
    defer { close(descriptor) }
    var address = address(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
      }
    }
    guard bound else { throw CommandFailed(command: "bind", status: errno) }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// Whether somebody listens on a port.
  package static func answers(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, streams, 0)
    defer { close(descriptor) }
    return connects(descriptor, port)
  }

  /// Sends a request and gives the first of what comes back; nil when nobody takes it.
  package static func exchange(_ request: String, port: Int) -> String? {
    let descriptor = socket(AF_INET, streams, 0)
    defer { close(descriptor) }
    guard connects(descriptor, port), send(descriptor, request, request.utf8.count, 0) == request.utf8.count else { return nil }
    var answer = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &answer, answer.count, 0)
    return String(decoding: answer.prefix(max(0, count)), as: UTF8.self)
  }

  #if canImport(Glibc)
    private static let streams = Int32(SOCK_STREAM.rawValue)
  #else
    private static let streams = SOCK_STREAM
  #endif

  private static func address(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func connects(_ descriptor: Int32, _ port: Int) -> Bool {
    let address = address(port: port)
    return withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }
  }
}
