import NIOCore
import NIOHTTP1

extension EngineClient {
  func open() -> EventLoopFuture<Void> {
    let transports = configuration.transports
    guard let first = transports.first else {
      return loop.makeFailedFuture(SocketIOError.badAddress("no transport is allowed"))
    }
    if first == .websocket { return openWebSocket() }
    return http.request(.GET, http.address.target(.polling, sid: nil), timeout: configuration.connectTimeout) { [weak self] in
      self?.track($0)
    }
    .assumeIsolated()
    .flatMapThrowing { status, body in
      guard status == 200 else {
        throw SocketIOError.handshakeFailed("the server answered \(status): \(String(buffer: body).prefix(200))")
      }
      return try self.begin(body)
    }
    .flatMap { rest -> EventLoopFuture<Void> in
      guard transports.contains(.websocket), self.handshake?.canUpgrade == true else {
        self.beginPolling(rest)
        return self.loop.makeSucceededVoidFuture()
      }
      return self.upgrade(rest)
    }
    .nonisolated()
  }

  private func begin(_ body: ByteBuffer) throws -> [EnginePacket] {
    guard var packets = try? EnginePayload.decode(body), case .open(let data) = packets.first else {
      throw SocketIOError.handshakeFailed("the server's first packet is not an open packet")
    }
    try opened(data, .polling)
    packets.removeFirst()
    return packets
  }

  private func opened(_ data: ByteBuffer, _ transport: SocketIOTransport) throws {
    handshake = try EngineHandshake(data)
    self.transport = transport
    armHeartbeat()
  }

  private func openWebSocket() -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    let target = http.address.target(.websocket, sid: nil)
    http.webSocket(target, maxMessage: configuration.maxPayload, timeout: configuration.connectTimeout).assumeIsolated().whenComplete {
      result in
      switch result {
      case .failure(let error): promise.fail(error)
      case .success(let bound):
        let link = bound.value
        self.link = link
        guard self.closedReason == nil else {
          link.close()
          return promise.fail(SocketIOError.notConnected(reason: self.closedReason ?? ""))
        }
        link.onClosed = { _ in promise.fail(SocketIOError.handshakeFailed("the server closed the WebSocket before its open packet")) }
        link.onMessage = { message in
          do {
            guard case .open(let data) = try EnginePacket.decode(frame: message) else {
              throw SocketIOError.handshakeFailed("the server's first packet is not an open packet")
            }
            try self.opened(data, .websocket)
            self.attach(link)
            promise.succeed(())
          } catch {
            link.onClosed = nil
            link.close()
            promise.fail(error)
          }
        }
      }
    }
    return promise.futureResult
  }

  /// Probes a WebSocket; where that fails, polling goes on.
  private func upgrade(_ rest: [EnginePacket]) -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    let target = http.address.target(.websocket, sid: handshake?.sid)
    http.webSocket(target, maxMessage: configuration.maxPayload, timeout: configuration.connectTimeout).assumeIsolated().whenComplete {
      result in
      var isSettled = false
      let fallBack = {
        guard !isSettled else { return }
        isSettled = true
        self.beginPolling(rest)
        promise.succeed(())
      }
      guard case .success(let bound) = result else { return fallBack() }
      let link = bound.value
      guard self.closedReason == nil else {
        link.close()
        return fallBack()
      }
      link.onClosed = { _ in fallBack() }
      link.onMessage = { message in
        guard !isSettled else { return }
        guard case .pong(EnginePacket.probe)? = try? EnginePacket.decode(frame: message) else {
          link.close()
          return fallBack()
        }
        isSettled = true
        link.send([EnginePacket.upgrade.frame()], promise: nil)
        self.transport = .websocket
        self.attach(link)
        for packet in rest { self.receive(packet) }
        self.flush()
        promise.succeed(())
      }
      link.send([EnginePacket.ping(EnginePacket.probe).frame()], promise: nil)
    }
    return promise.futureResult
  }

  private func attach(_ link: WebSocketLink) {
    self.link = link
    link.onBytes = { [weak self] in self?.lastPacket = .now() }
    link.onMessage = { [weak self] message in
      guard let self else { return }
      guard let packet = try? EnginePacket.decode(frame: message) else { return self.close(SocketIODisconnectReason.parseError) }
      self.receive(packet)
    }
    link.onClosed = { [weak self] isError in
      self?.link = nil
      self?.close(isError ? SocketIODisconnectReason.transportError : SocketIODisconnectReason.transportClose)
    }
  }
}
