import NIOCore
import NIOHTTP1

/// One HTTP/1.1 connection of a service: gathers a request, has it answered, then reads the next. Confined to the event loop.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  let configuration: HTTPServiceConfiguration
  let router: any HTTPRouter
  /// The address that the service listens on.
  private let listener: String
  var context: ChannelHandlerContext?
  private var request: RawRequest?
  private var bodyLimit = 0
  private var exchange: HTTPExchange?
  /// Parts of requests that came while one was being answered. One read's worth at most: no more is read until then.
  private var backlog = CircularBuffer<HTTPServerRequestPart>()
  private var isReadHeld = false
  private var isClosing = false
  private var timer: Scheduled<Void>?

  init(configuration: HTTPServiceConfiguration, router: any HTTPRouter, listener: String) {
    self.configuration = configuration
    self.listener = listener
    self.router = router
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    arm(configuration.idleTimeout)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    self.context = nil
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    isClosing = true
    exchange?.abort()
    exchange = nil
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if error is HTTPParserError, exchange == nil, !isClosing {
      refuse(.badRequest, "The request is not valid HTTP.")
    } else {
      context.close(promise: nil)
    }
  }

  func read(context: ChannelHandlerContext) {
    if exchange != nil {
      isReadHeld = true
    } else {
      context.read()
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if exchange == nil {
      receive(part)
    } else {
      backlog.append(part)
    }
  }

  private func receive(_ part: HTTPServerRequestPart) {
    guard !isClosing else { return }
    switch part {
    case .head(let head): begin(head)
    case .body(let bytes):
      guard var request else { return }
      self.request = nil  // So that the buffer is not copied when it grows.
      guard request.body.readableBytes + bytes.readableBytes <= bodyLimit else { return refuseBody() }
      if request.body.readableBytes == 0 {
        request.body = bytes
      } else {
        request.body.writeImmutableBuffer(bytes)
      }
      router.progress(request)
      self.request = request
    case .end:
      guard let request else { return }
      self.request = nil
      timer?.cancel()
      dispatch(request)
    }
  }

  private func begin(_ head: HTTPRequestHead) {
    guard head.uri.utf8.count <= configuration.maxTargetLength else { return refuse(.uriTooLong, "The request target is too long.") }
    guard head.headers.count <= configuration.maxHeaderFields else {
      return refuse(.requestHeaderFieldsTooLarge, "The request has too many header fields.")
    }
    var request = RawRequest(head: head)
    bodyLimit = router.bodyLimit(path: request.path)
    if let length = head.headers.first(name: "content-length").flatMap(Int.init) {
      guard length <= bodyLimit else { return refuseBody() }
      // Not all at once: a claim is not a body.
      request.body.reserveCapacity(min(length, 1 << 20))
    }
    if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
      context?.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }
    self.request = request
    arm(configuration.requestTimeout)
  }

  private func refuseBody() { refuse(.payloadTooLarge, "The body is larger than \(bodyLimit) bytes.") }

  /// Answers a request that cannot be taken and closes.
  func refuse(_ status: HTTPResponseStatus, _ text: String) {
    write(RawResponse(text: text, status: status), isHead: false, keepAlive: false)
  }

  private func dispatch(_ request: RawRequest) {
    if let refusal = configuration.access?.refusal(host: request.field("host"), origin: request.field("origin"), listener: listener) {
      return refuse(.forbidden, refusal)
    }
    if request.isWebSocketUpgrade {
      switch router.upgrade(request) {
      case .refuse(let response): write(response, isHead: false, keepAlive: false)
      case .accept(let maxMessage, let use): becomeWebSocket(request, maxMessage: maxMessage, use: use)
      }
      return
    }
    let isHead = request.head.method == .HEAD
    // After any upgrade request the parser stops reading HTTP.
    let keepAlive = request.head.isKeepAlive && !request.head.headers.contains(name: "upgrade")
    let exchange = HTTPExchange { [weak self] response in self?.finish(response, isHead: isHead, keepAlive: keepAlive) }
    self.exchange = exchange
    router.respond(to: request, exchange: exchange)
  }

  private func finish(_ response: RawResponse, isHead: Bool, keepAlive: Bool) {
    exchange = nil
    write(response, isHead: isHead, keepAlive: keepAlive)
    guard keepAlive, !isClosing else { return }
    arm(configuration.idleTimeout)
    while exchange == nil, !isClosing, !backlog.isEmpty { receive(backlog.removeFirst()) }
    if exchange == nil, isReadHeld {
      isReadHeld = false
      context?.read()
    }
  }

  private func write(_ response: RawResponse, isHead: Bool, keepAlive: Bool) {
    guard let context, !isClosing else { return }
    var headers = response.headers
    let hasBody = response.status.mayHaveResponseBody
    if hasBody { headers.replaceOrAdd(name: "Content-Length", value: String(response.body.readableBytes)) }
    headers.replaceOrAdd(name: "Connection", value: keepAlive ? "keep-alive" : "close")
    let head = HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if hasBody, !isHead, response.body.readableBytes > 0 {
      context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil)
    }
    guard keepAlive else {
      isClosing = true
      // The client may still be sending; an immediate close could reset the answer away, so that the reading side is given a moment.
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      context.close(mode: .output, promise: nil)
      arm(.seconds(1))
      return
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  private func arm(_ timeout: Duration) {
    timer?.cancel()
    guard let context else { return }
    let channel = context.channel
    timer = context.eventLoop.scheduleTask(in: TimeAmount(timeout)) { channel.close(promise: nil) }
  }

  /// The pipeline changes hands: nothing more is answered here.
  func retire() {
    isClosing = true
    timer?.cancel()
  }
}

extension HTTPResponseStatus {
  fileprivate var mayHaveResponseBody: Bool { code >= 200 && code != 204 && code != 304 }
}
