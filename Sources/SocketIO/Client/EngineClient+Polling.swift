import NIOCore
import NIOHTTP1

extension EngineClient {
  func beginPolling(_ packets: [EnginePacket]) {
    for packet in packets { receive(packet) }
    poll()
    flush()
  }

  func poll() {
    guard closedReason == nil, transport == .polling, let handshake else { return }
    let timeout = handshake.pingInterval + handshake.pingTimeout + .seconds(5)
    http.request(
      .GET, http.address.target(.polling, sid: handshake.sid), timeout: timeout, onBytes: { [weak self] in self?.lastPacket = .now() }
    ) { [weak self] in self?.track($0) }
    .assumeIsolated()
    .whenComplete { [weak self] result in
      guard let self, self.closedReason == nil else { return }
      guard case .success((200, let body)) = result else { return self.close(SocketIODisconnectReason.transportError) }
      guard let packets = try? EnginePayload.decode(body) else { return self.close(SocketIODisconnectReason.parseError) }
      for packet in packets { self.receive(packet) }
      self.poll()
    }
  }

  func post() {
    guard !isPosting, !queue.isEmpty, let handshake else { return settleFinish() }
    let limit = min(handshake.maxPayload ?? configuration.maxPayload, configuration.maxPayload)
    var batch: [EnginePacket] = []
    var size = 0
    while let packet = queue.first, batch.count < EnginePayload.maxPacketsWritten {
      let packetSize = packet.payloadSize
      if !batch.isEmpty, size + packetSize + 1 > limit { break }
      size += packetSize + 1
      batch.append(queue.removeFirst())
      queuedBytes -= packetSize
    }
    isPosting = true
    inFlightBytes += size
    http.request(
      .POST, http.address.target(.polling, sid: handshake.sid), body: EnginePayload.encode(batch), timeout: configuration.requestTimeout
    ) { [weak self] in self?.track($0) }
    .assumeIsolated()
    .whenComplete { [weak self] result in
      guard let self else { return }
      self.isPosting = false
      self.inFlightBytes -= size
      guard self.closedReason == nil else { return }
      guard case .success((200, _)) = result else { return self.close(SocketIODisconnectReason.transportError) }
      self.settleDrain()
      self.flush()
    }
  }
}
