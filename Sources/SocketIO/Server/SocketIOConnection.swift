import NIOCore
import WireFormats

/// One client's open namespace, seen by the server.
package final class SocketIOConnection: Sendable {
  /// The id that the client knows as its `sid`.
  package let id: String
  /// The namespace, `/`.
  package let namespace: String
  private let loop: any EventLoop
  private let core: NIOLoopBound<ConnectionCore>
  private let queue: EventQueue
  private let nextAck = Locked<Int64>(0)

  init(core: ConnectionCore, loop: any EventLoop) {
    id = core.id
    namespace = core.namespace
    queue = core.queue
    self.loop = loop
    self.core = NIOLoopBound(core, eventLoop: loop)
  }

  /// What happens, in order; one reader only. Begins with `connected`, ends after `disconnected`.
  package var events: AsyncStream<SocketIOEvent> { queue.stream }

  /// Sends an event. Returns when it is queued; waits while more than the high-water mark is queued already.
  /// - Throws: `SocketIOError.notConnected` when the client is gone, `invalidMessage` for a reserved name or a message over the limit.
  package func emit(_ event: String, _ args: [JSONValue] = []) async throws {
    let messages = try encode(event, args, id: nil)
    try await loop.flatSubmit { [core] in core.value.send(messages) }.get()
  }

  /// Sends an event and waits for the acknowledgement's arguments.
  /// - Throws: as `emit`, and `SocketIOError.timedOut`.
  package func emitWithAck(_ event: String, _ args: [JSONValue] = [], timeout: Duration = .seconds(10)) async throws -> [JSONValue] {
    let id = nextAck.withLock { next -> Int64 in
      defer { next += 1 }
      return next
    }
    let messages = try encode(event, args, id: id)
    return try await loop.flatSubmit { [core] in core.value.sendWithAck(messages, id: id, timeout: timeout) }.get()
  }

  /// Disconnects the client; it sees "io server disconnect". What was emitted before arrives first.
  package func disconnect() async {
    try? await loop.submit { [core] in core.value.disconnect() }.get()
  }

  private func encode(_ event: String, _ args: [JSONValue], id: Int64?) throws -> [EngineMessage] {
    guard !SocketPacket.reservedEvents.contains(event) else { throw SocketIOError.invalidMessage("the event name \(event) is reserved") }
    return SocketPacket.event(event, args, namespace: namespace, id: id).encode()
  }
}
