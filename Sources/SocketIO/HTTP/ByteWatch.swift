import NIOCore

/// Sits before the frame decoder and tells the link of every piece that arrives: a message of many megabytes is one frame, and a peer that is in the
/// middle of sending it is alive although its pings and pongs have to wait.
final class ByteWatch: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private weak var link: WebSocketLink?

  init(link: WebSocketLink) { self.link = link }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    link?.onBytes?()
    context.fireChannelRead(data)
  }
}
