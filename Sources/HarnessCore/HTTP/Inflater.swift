import CZlib

/// Takes gzip and deflate off a body, piece by piece, so that a small answer that grows without end is stopped where it is too long.
struct Inflater: ~Copyable {
  private enum State { case plain, unseen(isRaw: Bool), reading, ended }

  private static let pieceBytes = 64 << 10
  private static let broken = FetchFailure.other("broken compression")
  private var state: State
  /// On the heap, as zlib's own state points back to it.
  private let stream: UnsafeMutablePointer<z_stream>

  /// - Parameter encoding: the `Content-Encoding`; what is neither gzip nor deflate is passed on as it is.
  init(encoding: String?) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    switch encoding?.lowercased() {
    case "gzip", "x-gzip": state = .unseen(isRaw: false)
    case "deflate": state = .unseen(isRaw: true)
    default: state = .plain
    }
  }

  deinit {
    if case .reading = state { inflateEnd(stream) }
    stream.deallocate()
  }

  /// Reads a piece of the body.
  /// - Parameter take: is handed what comes out; false ends the reading.
  /// - Returns: whether all that came out was taken.
  mutating func read(_ bytes: [UInt8], _ take: (ArraySlice<UInt8>) -> Bool) throws(FetchFailure) -> Bool {
    switch state {
    case .plain: return take(bytes[...])
    case .ended: return true
    case .unseen(let mayBeRaw):
      guard bytes.count >= 1 else { return true }
      // "deflate" means zlib's format (RFC 9110, 8.4.1.2); some send it without its head, which always has method 8 in its low bits.
      let isRaw = mayBeRaw && bytes[0] & 0x0F != 8
      guard inflateInit2_(stream, isRaw ? -15 : 47, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        throw .ownShortage("dubwatch's machine had no more memory")
      }
      state = .reading
    case .reading: break
    }
    return try inflated(bytes, take)
  }

  private mutating func inflated(_ bytes: [UInt8], _ take: (ArraySlice<UInt8>) -> Bool) throws(FetchFailure) -> Bool {
    var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
    var used = 0
    while true {
      let (code, read, written) = bytes.withUnsafeBytes { input in
        piece.withUnsafeMutableBytes { output in
          let (from, to) = (input.bindMemory(to: UInt8.self), output.bindMemory(to: UInt8.self))
          stream.pointee.next_in = UnsafeMutablePointer(mutating: from.baseAddress.map { $0 + used })
          stream.pointee.avail_in = UInt32(bytes.count - used)
          stream.pointee.next_out = to.baseAddress
          stream.pointee.avail_out = UInt32(to.count)
          let code = inflate(stream, Z_NO_FLUSH)
          return (code, bytes.count - used - Int(stream.pointee.avail_in), to.count - Int(stream.pointee.avail_out))
        }
      }
      used += read
      if written > 0, !take(piece[..<written]) { return false }
      switch code {
      case Z_STREAM_END:
        // One gzip file may follow another (RFC 1952, 2.2).
        guard used < bytes.count, bytes[used] == 0x1F, inflateReset(stream) == Z_OK else {
          inflateEnd(stream)
          state = .ended
          return true
        }
      case Z_OK, Z_BUF_ERROR: if used == bytes.count, written < piece.count { return true }
      default: throw Self.broken
      }
    }
  }

  /// The body is at its end: so has to be what was compressed.
  mutating func end() throws(FetchFailure) {
    if case .reading = state { throw Self.broken }
  }
}
