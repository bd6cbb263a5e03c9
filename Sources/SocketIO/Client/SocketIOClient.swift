import NIOCore
import NIOPosix
import WireFormats

/// A Socket.IO client (Engine.IO 4, Socket.IO 5) for one namespace and one connection. It speaks `http` and `ws`, no TLS, and never
/// reconnects by itself: for another attempt make another client.
package actor SocketIOClient {
  private let loop: any EventLoop
  private let configuration: SocketIOClientConfiguration
  private let core: NIOLoopBoundBox<SocketClientCore?>
  private let addressError: SocketIOError?
  private nonisolated let queue: EventQueue
  private var nextAck: Int64 = 0

  /// A client for a server's address, `http://127.0.0.1:8080`. An address that cannot be used makes `connect()` throw.
  package init(url: String, configuration: SocketIOClientConfiguration = .init(), group: (any EventLoopGroup)? = nil) {
    let loop = (group ?? MultiThreadedEventLoopGroup.singleton).next()
    self.loop = loop
    self.configuration = configuration
    let hold = HoldRelay(loop: loop)
    queue = EventQueue(
      maxEvents: configuration.maxPendingEvents, maxBytes: configuration.maxBufferedBytes, holdBytes: configuration.sendHighWater,
      onHold: { hold.set($0) })
    do {
      let address = try ClientAddress(url: url, path: configuration.path)
      addressError = nil
      core = NIOLoopBoundBox.makeBoxSendingValue(
        SocketClientCore(loop: loop, address: address, configuration: configuration, queue: queue), eventLoop: loop)
      hold.core.withLock { $0 = core }
    } catch {
      addressError = error
      core = NIOLoopBoundBox.makeBoxSendingValue(nil, eventLoop: loop)
      queue.finish(nil)
    }
  }

  /// What happens, in order; one reader only. Begins with `connected`, ends after `disconnected`; without a connection it just ends.
  package nonisolated var events: AsyncStream<SocketIOEvent> { queue.stream }

  /// Connects and opens the namespace.
  /// - Throws: `SocketIOError`: `badAddress`, `handshakeFailed`, `refused`, `timedOut`, or `notConnected` when the server cannot be reached.
  package func connect() async throws {
    if let addressError { throw addressError }
    let refused = SocketIOError.notConnected(reason: "no address")
    try await withTaskCancellationHandler {
      try await loop.flatSubmit { [core, loop] in core.value?.connect() ?? loop.makeFailedFuture(refused) }.get()
    } onCancel: {
      loop.execute { [core] in core.value?.engine.close(SocketIODisconnectReason.clientDisconnect) }
    }
  }

  /// The server's id for this connection; `nil` before it is open.
  package var id: String? {
    get async { try? await loop.submit { [core] in core.value?.id }.get() }
  }

  /// The transport in use now; `nil` before there is one.
  package var transport: SocketIOTransport? {
    get async { try? await loop.submit { [core] in core.value?.engine.transport }.get() }
  }

  /// Sends an event. Returns when it is queued; waits while more than the high-water mark is queued already.
  /// - Throws: `SocketIOError.notConnected`, or `invalidMessage` for a reserved name or a message over the limit of either side.
  package func emit(_ event: String, _ args: [JSONValue] = []) async throws {
    let messages = try encode(event, args, id: nil)
    try await loop.flatSubmit { [core, loop] in core.value?.send(messages) ?? loop.makeFailedFuture(Self.noCore) }.get()
  }

  /// Sends an event and waits for the acknowledgement's arguments.
  /// - Throws: as `emit`, and `SocketIOError.timedOut`.
  package func emitWithAck(_ event: String, _ args: [JSONValue] = [], timeout: Duration = .seconds(10)) async throws -> [JSONValue] {
    let id = nextAck
    nextAck += 1
    let messages = try encode(event, args, id: id)
    return try await loop.flatSubmit { [core, loop] in
      core.value?.sendWithAck(messages, id: id, timeout: timeout) ?? loop.makeFailedFuture(Self.noCore)
    }.get()
  }

  /// Disconnects: what was emitted before goes out first, for at most one second. The event is "io client disconnect".
  package func disconnect() async {
    try? await loop.flatSubmit { [core, loop] in core.value?.disconnect() ?? loop.makeSucceededVoidFuture() }.get()
  }

  /// Holds or resumes reading from the server.
  func queueHold(_ isHeld: Bool) {
    loop.execute { [core] in core.value?.engine.setReading(!isHeld) }
  }

  private static let noCore = SocketIOError.notConnected(reason: "the address cannot be used")

  private func encode(_ event: String, _ args: [JSONValue], id: Int64?) throws -> [EngineMessage] {
    guard !SocketPacket.reservedEvents.contains(event) else { throw SocketIOError.invalidMessage("the event name \(event) is reserved") }
    return SocketPacket.event(event, args, namespace: configuration.namespace, id: id).encode()
  }
}

/// Carries "hold" from the queue to the connection, which is made after the queue.
private final class HoldRelay: Sendable {
  let core = Locked<NIOLoopBoundBox<SocketClientCore?>?>(nil)
  private let loop: any EventLoop
  init(loop: any EventLoop) { self.loop = loop }

  func set(_ isHeld: Bool) {
    guard let core = core.withLock({ $0 }) else { return }
    loop.execute { core.value?.engine.setReading(!isHeld) }
  }
}
