import Dispatch
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a file or a pipe piece by piece, on a thread that may wait.
struct DescriptorReader: Sendable {
  private enum Piece: Sendable {
    case bytes([UInt8])
    case nothing
    case end
    case failed(Int32)
  }

  /// How long one wait for bytes lasts, in milliseconds: after it, it is looked whether anybody still wants them.
  private static let wait: Int32 = 100
  private static let size = 64 << 10

  let descriptor: Int32
  private let queue = DispatchQueue(label: "dubwatch.stream-input")

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Hands everything over until the end, or until nobody takes it or the task is cancelled.
  func feed(_ handOff: ByteHandOff) async {
    while !Task.isCancelled {
      let descriptor = descriptor
      let piece = await withCheckedContinuation { next in queue.async { next.resume(returning: Self.piece(descriptor)) } }
      switch piece {
      case .bytes(let bytes): guard await handOff.give(bytes) else { return }
      case .nothing: break
      case .end: return await handOff.finish()
      case .failed(let code): return await handOff.finish(Problem(.stream, "it cannot be read on: \(String(cString: strerror(code)))"))
      }
    }
    await handOff.finish()
  }

  private static func piece(_ descriptor: Int32) -> Piece {
    var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&item, 1, wait)
    guard ready != 0 else { return .nothing }
    guard ready > 0 else { return errno == EINTR ? .nothing : .failed(errno) }
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      count = read(descriptor, buffer.baseAddress, size)
      filled = max(0, count)
    }
    if count > 0 { return .bytes(bytes) }
    if count == 0 { return .end }
    return errno == EINTR || errno == EAGAIN ? .nothing : .failed(errno)
  }

  /// The bytes that come next in a plain file, which stays where it is; nil for anything else, of which each byte can be read only once.
  static func preview(_ descriptor: Int32, _ count: Int) -> [UInt8]? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let place = lseek(descriptor, 0, SEEK_CUR)
    guard place >= 0 else { return nil }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, place))
    }
  }
}
