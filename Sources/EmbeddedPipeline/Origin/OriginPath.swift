import Events
import NIOCore
import TransportStream

/// A path that somebody publishes. Confined to the origin's event loop.
final class OriginPath {
  let name: String
  let publisher: OriginConnection
  let publisherID: String
  private(set) var readyAt: WallTime?
  private(set) var bytesReceived: UInt64 = 0
  /// Of all its readers, those that left too.
  var bytesSent: UInt64 = 0
  var readers: [String: OriginReader] = [:]
  /// What a reader that comes is given first: tables, and everything from the last key frame on.
  private var join: [ByteBuffer] = []
  private(set) var joinBytes = 0
  private var canJoin = false
  /// All that was published, from the first key frame on, while that is not long ago and little: who measures a whole stream asks for it.
  private var head: [ByteBuffer]? = []
  private var headBytes = 0
  private var headEnd: NIODeadline?
  private var feed = OriginFeed()

  init(name: String, publisher: OriginConnection, publisherID: String) {
    self.name = name
    self.publisher = publisher
    self.publisherID = publisherID
  }

  var program: TransportProgram? { feed.program }
  var tracks: [String] { (feed.program?.tracks ?? []).filter { $0.track != nil }.map(StreamType.name) }

  /// Takes what the publisher sent, and returns the readers that are too slow for it and whether the path became ready.
  /// - Parameter room: bytes that this and all other paths may still keep for readers that come.
  func receive(_ bytes: ByteBuffer, limits: StreamOriginLimits, room: Int, now: WallTime) -> (slow: [OriginReader], becameReady: Bool) {
    bytesReceived += UInt64(bytes.readableBytes)
    let pieces = bytes.withUnsafeReadableBytes { feed.feed($0) }
    var becameReady = false
    if readyAt == nil, feed.program?.tracks.contains(where: { $0.track != nil }) == true {
      readyAt = now
      becameReady = true
    }
    let joinLimit = min(limits.joinBytes, joinBytes + max(0, room))
    for piece in pieces {
      keep(piece, limit: joinLimit)
      for reader in readers.values {
        if reader.isWaiting {
          guard piece.isStart else { continue }
          reader.isWaiting = false
          reader.write(feed.tables)
        }
        reader.write(piece.bytes)
      }
    }
    var slow: [OriginReader] = []
    for reader in readers.values where !reader.flush(limit: limits.readerBytes) { slow.append(reader) }
    return (slow, becameReady)
  }

  private func keep(_ piece: OriginFeed.Piece, limit: Int) {
    keepHead(piece)
    if piece.isStart {
      let tables = feed.tables
      join = [tables]
      joinBytes = tables.readableBytes
      canJoin = true
    }
    guard canJoin else { return }
    join.append(piece.bytes)
    joinBytes += piece.bytes.readableBytes
    if joinBytes > limit {
      join = []
      joinBytes = 0
      canJoin = false
    }
  }

  private func keepHead(_ piece: OriginFeed.Piece) {
    guard let kept = head, !kept.isEmpty || piece.isStart else { return }
    if kept.isEmpty {
      head?.append(feed.tables)
      headEnd = .now() + Self.headTime
    }
    head?.append(piece.bytes)
    headBytes += piece.bytes.readableBytes
    if headBytes > Self.headLimit || headEnd.map({ .now() > $0 }) == true { head = nil }
  }

  private static let headLimit = 8 << 20
  /// Real time in which a reader that looks again and again finds a new path, on a busy machine too. One that was cut off later goes on
  /// where the stream is, and is not given all of it once more.
  private static let headTime = TimeAmount.seconds(8)

  /// Lets a reader in: it gets what there is from the last key frame on, or waits for the next one.
  /// - Parameter fromStart: it gets everything since the publisher came, as long as that is kept.
  func admit(_ reader: OriginReader, fromStart: Bool = false) {
    readers[reader.id] = reader
    guard canJoin else { return }
    reader.isWaiting = false
    var first = join
    if fromStart, let head, !head.isEmpty { first = head }
    for bytes in first { reader.write(bytes) }
    _ = reader.flush(limit: .max)
  }
}

/// Somebody who reads a path. Confined to the origin's event loop.
final class OriginReader {
  let id: String
  let path: OriginPath
  let connection: OriginConnection
  /// Whether it still waits for a key frame.
  var isWaiting = true
  private(set) var bytesSent: UInt64 = 0
  private var unflushed = 0
  /// Bytes that the socket has not taken yet.
  private(set) var pending = 0
  /// When the socket took something, or had nothing to take.
  private var lastProgress = NIODeadline.now()

  init(id: String, path: OriginPath, connection: OriginConnection) {
    self.id = id
    self.path = path
    self.connection = connection
  }

  func write(_ bytes: ByteBuffer) {
    guard bytes.readableBytes > 0 else { return }
    if pending + unflushed == 0 { lastProgress = .now() }
    unflushed += bytes.readableBytes
    connection.writeMedia(bytes)
  }

  /// Hands what was written to the socket; false when more waits than may.
  func flush(limit: Int) -> Bool {
    guard unflushed > 0 else { return true }
    let count = unflushed
    unflushed = 0
    pending += count
    connection.flushMedia { [weak self] in self?.took(count) }
    return pending <= limit
  }

  private func took(_ count: Int) {
    pending -= count
    bytesSent += UInt64(count)
    path.bytesSent += UInt64(count)
    lastProgress = .now()
  }

  func isStalled(_ now: NIODeadline, seconds: Double) -> Bool { pending > 0 && now - lastProgress > .real(seconds: seconds) }
}

extension TimeAmount {
  /// Real seconds with a fraction, at most a year.
  static func real(seconds: Double) -> TimeAmount { .nanoseconds(Int64(max(0, min(seconds, 3e7)) * 1e9)) }
}
