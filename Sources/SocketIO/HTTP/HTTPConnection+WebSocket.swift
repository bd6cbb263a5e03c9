import NIOCore
import NIOHTTP1
import NIOWebSocket

extension HTTPConnection {
  /// Switches the connection over to WebSocket frames.
  ///
  /// NIO's own upgrade handler looks at the first request of a connection only; clients with a connection pool (aiohttp) upgrade on a connection that
  /// has already polled. So the switch is made here; NIO's upgrader still checks the request and computes the answer.
  func becomeWebSocket(_ request: RawRequest, maxMessage: Int, use: @escaping (WebSocketLink) -> Void) {
    guard let context else { return }
    let upgrader = NIOWebSocketServerUpgrader(
      shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
      upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
    let headers = upgrader.buildUpgradeResponse(channel: context.channel, upgradeRequest: request.head, initialResponseHeaders: [:])
    headers.assumeIsolated().whenComplete { [weak self] result in
      guard let self else { return }
      switch result {
      case .success(let headers): self.switchPipeline(headers, maxMessage: maxMessage, use: use)
      case .failure:
        self.refuse(.badRequest, "The WebSocket request is not valid: version 13 and a key are needed.")
      }
    }
  }

  private func switchPipeline(_ headers: HTTPHeaders, maxMessage: Int, use: (WebSocketLink) -> Void) {
    guard let context else { return }
    let pipeline = context.pipeline.syncOperations
    retire()
    let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    let link = WebSocketLink(isClient: false, maxMessage: maxMessage)
    do {
      let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
      let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
      pipeline.removeHandler(context: encoder, promise: nil)
      try pipeline.addHandler(ByteWatch(link: link))
      try pipeline.addHandler(WebSocketFrameEncoder())
      try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: maxMessage)))
      try pipeline.addHandler(link)
      pipeline.removeHandler(context: context, promise: nil)
      // Last: frames that came right behind the request are passed on when the decoder leaves.
      pipeline.removeHandler(context: decoder, promise: nil)
      use(link)
    } catch {
      context.close(promise: nil)
    }
  }
}
