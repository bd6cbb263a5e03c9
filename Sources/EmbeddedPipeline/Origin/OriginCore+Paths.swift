import Events
import NIOCore

extension OriginCore {
  /// Bytes without a program after which a body is taken for something else.
  private static let foreignBytes: UInt64 = 1 << 20

  /// Gives a path to a publisher.
  func publish(_ name: Substring, by connection: OriginConnection) -> Result<OriginPath, OriginAnswer> {
    let refusal: OriginAnswer
    if isOutage {
      refusal = .outage
    } else if let fault = OriginPathName.fault(name) {
      refusal = OriginAnswer(400, fault)
    } else if paths[String(name)] != nil {
      refusal = OriginAnswer(409, "somebody publishes \(name) already; wait until that publisher has left, or use another path")
    } else if paths.count >= limits.paths {
      refusal = OriginAnswer(503, "\(limits.paths) paths are published already, which is as many as may be")
    } else {
      let path = OriginPath(name: String(name), publisher: connection, publisherID: Identifiers.uuid())
      paths[path.name] = path
      say(OriginLogText.publisherCame(path, shape: shape))
      return .success(path)
    }
    say(OriginLogText.refused(name, reason: refusal.text, shape: shape))
    return .failure(refusal)
  }

  /// Passes on what a publisher sent. Nobody is waited for: a reader that cannot keep up is dropped.
  /// - Returns: why no more is taken of it; nil when all is well.
  func receive(_ bytes: ByteBuffer, on path: OriginPath) -> OriginAnswer? {
    let room = limits.totalJoinBytes - paths.values.reduce(0) { $0 + $1.joinBytes }
    let (slow, becameReady) = path.receive(bytes, limits: limits, room: room, now: clock.wallNow())
    if becameReady { say(OriginLogText.ready(path, shape: shape)) }
    for reader in slow { drop(reader, reason: "it is too slow") }
    guard path.program == nil, path.bytesReceived > Self.foreignBytes else { return nil }
    return OriginAnswer(415, "the body is no MPEG transport stream with video or audio; send one with ffmpeg -f mpegts")
  }

  /// The publisher is gone: its readers' answers end.
  func unpublish(_ path: OriginPath, reason: String) {
    guard paths[path.name] === path else { return }
    paths[path.name] = nil
    say(OriginLogText.publisherLeft(path, reason: reason, shape: shape))
    let readers = path.readers.values
    path.readers = [:]
    for reader in readers {
      say(OriginLogText.readerLeft(reader, reason: "the publisher left", shape: shape))
      reader.connection.endMedia()
    }
  }

  /// Finds what a reader wants: by its name, or by its name without `.ts`. Nil for a probe, which reads nothing.
  func open(_ name: Substring, isProbe: Bool, by connection: OriginConnection) -> Result<OriginReader?, OriginAnswer> {
    if isOutage { return .failure(.outage) }
    if let fault = OriginPathName.fault(name) { return .failure(OriginAnswer(400, fault)) }
    let found = paths[String(name)] ?? (name.hasSuffix(".ts") ? paths[String(name.dropLast(3))] : nil)
    guard let path = found else { return .failure(OriginAnswer(404, "nobody publishes \(name)")) }
    if isProbe { return .success(nil) }
    let reader = OriginReader(id: Identifiers.uuid(), path: path, connection: connection)
    say(OriginLogText.readerCame(reader, shape: shape))
    return .success(reader)
  }

  /// A reader went by itself.
  func left(_ reader: OriginReader, reason: String) {
    guard reader.path.readers.removeValue(forKey: reader.id) != nil else { return }
    say(OriginLogText.readerLeft(reader, reason: reason, shape: shape))
  }

  /// Closes a reader that cannot keep up.
  func drop(_ reader: OriginReader, reason: String) {
    guard reader.path.readers.removeValue(forKey: reader.id) != nil else { return }
    say(OriginLogText.readerDropped(reader, reason: reason, shape: shape))
    reader.connection.drop(reason)
  }
}
