import NIOCore
import NIOHTTP1

/// One connection to the origin: requests that are answered at once, or a body that comes without end, or an answer that does.
/// Confined to the origin's event loop.
final class OriginConnection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    /// Between two requests.
    case idle
    /// A request's head has come; it is answered at its end.
    case request(HTTPRequestHead)
    case publishing(OriginPath)
    case reading(OriginReader)
    /// Answered for the last time; what still comes is passed over.
    case closing
  }

  /// Bytes of a body other than a publisher's.
  private static let maxBodyBytes = 64 << 10

  let role: OriginRole
  private weak var core: OriginCore?
  private var context: ChannelHandlerContext?
  private var state = State.idle
  private var deadline: NIODeadline
  private var body = ByteBuffer()

  init(role: OriginRole, core: OriginCore) {
    self.role = role
    self.core = core
    deadline = .now() + .real(seconds: core.limits.requestSeconds)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    core?.admitted(self)
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelInactive(context: ChannelHandlerContext) {
    leave("connection closed")
    core?.gone(self)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch state {
    case .idle, .request: answer(OriginAnswer(400, "the request is not valid HTTP"), keepAlive: false)
    case .publishing, .reading:
      leave(error is HTTPParserError ? "not valid HTTP" : "connection lost")
      context.close(promise: nil)
    case .closing: context.close(promise: nil)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let core else { return }
    switch (unwrapInboundIn(data), state) {
    case (.head(let head), .idle): begin(head, core)
    case (.body(let bytes), .publishing(let path)):
      deadline = .now() + .real(seconds: core.limits.publisherSilenceSeconds)
      if let refusal = core.receive(bytes, on: path) {
        leave(refusal.text)
        answer(refusal, keepAlive: false)
      }
    case (.end, .publishing):
      leave("ended")
      answer(OriginAnswer(200, "published"), keepAlive: false)
    case (.body(let bytes), .request):
      guard body.readableBytes + bytes.readableBytes <= Self.maxBodyBytes else {
        return answer(OriginAnswer(413, "the body is longer than \(Self.maxBodyBytes) bytes"), keepAlive: false)
      }
      body.writeImmutableBuffer(bytes)
    case (.end, .request(let head)): complete(head, core)
    default: break
    }
  }

  private func begin(_ head: HTTPRequestHead, _ core: OriginCore) {
    body = ByteBuffer()
    state = .request(head)
    deadline = .now() + .real(seconds: core.limits.requestSeconds)
    guard head.method == .POST || head.method == .PUT, let name = role.mediaName(head.uri) else { return }
    switch core.publish(name, by: self) {
    case .failure(let refusal): answer(refusal, keepAlive: false)
    case .success(let path):
      state = .publishing(path)
      deadline = .now() + .real(seconds: core.limits.publisherSilenceSeconds)
      if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
        context?.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
      }
    }
  }

  private func complete(_ head: HTTPRequestHead, _ core: OriginCore) {
    guard let name = role.mediaName(head.uri) else {
      return answer(core.answer(head, body: body, role: role), keepAlive: head.isKeepAlive, isHead: head.method == .HEAD)
    }
    guard head.method == .GET || head.method == .HEAD else {
      var refusal = OriginAnswer(405, "a path is published with POST or PUT and read with GET")
      refusal.headers = [("Allow", "GET, HEAD, POST, PUT")]
      return answer(refusal, keepAlive: false)
    }
    switch core.open(name, isProbe: head.method == .HEAD, by: self) {
    case .failure(let refusal): answer(refusal, keepAlive: head.isKeepAlive, isHead: head.method == .HEAD)
    case .success(let reader):
      var headers: HTTPHeaders = ["Content-Type": "video/mp2t", "Cache-Control": "no-cache", "Connection": "close"]
      let isModern = head.version == .http1_1
      if isModern, reader != nil { headers.add(name: "Transfer-Encoding", value: "chunked") }
      context?.write(
        wrapOutboundOut(.head(HTTPResponseHead(version: isModern ? .http1_1 : .http1_0, status: .ok, headers: headers))), promise: nil)
      guard let reader else { return finish() }
      state = .reading(reader)
      context?.flush()
      reader.path.admit(reader, fromStart: head.uri.hasSuffix("?from=start"))
    }
  }

  private func answer(_ answer: OriginAnswer, keepAlive: Bool, isHead: Bool = false) {
    guard let context else { return }
    if case .closing = state { return }
    var headers = HTTPHeaders(answer.headers.map { ($0.0, $0.1) })
    headers.add(name: "Content-Length", value: String(answer.body.count))
    headers.add(name: "Connection", value: keepAlive ? "keep-alive" : "close")
    let status = HTTPResponseStatus(statusCode: answer.status)
    context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    if !isHead, !answer.body.isEmpty {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
    }
    guard keepAlive, let core else { return finish() }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    state = .idle
    deadline = .now() + .real(seconds: core.limits.idleSeconds)
  }

  /// Ends the answer. The other side may still be sending, and closing at once could reset the answer away: it is given a moment.
  private func finish() {
    state = .closing
    deadline = .now() + .seconds(1)
    context?.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context?.close(mode: .output, promise: nil)
  }

  /// Gives up the path that is published or read here.
  private func leave(_ reason: String) {
    let before = state
    switch before {
    case .publishing(let path):
      state = .request(HTTPRequestHead(version: .http1_1, method: .POST, uri: ""))
      core?.unpublish(path, reason: reason)
    case .reading(let reader):
      state = .closing
      core?.left(reader, reason: reason)
    case .idle, .request, .closing: break
    }
  }

  // MARK: What the origin does to it

  func writeMedia(_ bytes: ByteBuffer) { context?.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil) }

  /// Flushes, and says when the socket has taken it all.
  func flushMedia(_ taken: @escaping () -> Void) {
    guard let context else { return }
    let promise = context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.assumeIsolated().whenSuccess(taken)
    // Nothing of its own: it completes after all that was written before.
    context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: promise)
  }

  /// The path ends: so does the answer, after what is still to be sent.
  func endMedia() {
    guard case .reading = state else { return }
    finish()
    deadline = .now() + .real(seconds: core?.limits.readerStallSeconds ?? 1)
  }

  /// Closes at once.
  func drop(_ reason: String) {
    leave(reason)
    state = .closing
    context?.close(promise: nil)
  }

  /// Closes it when media goes through it.
  func dropMedia(_ reason: String) {
    switch state {
    case .publishing, .reading: drop(reason)
    case .idle, .request, .closing: break
    }
  }

  /// The origin stops: what waits for a request is closed; an answer that is being sent has a moment.
  func endIdle() {
    switch state {
    case .idle, .request: drop("stream-origin stops")
    case .publishing, .reading, .closing: break
    }
  }

  /// Looks whether it has waited too long.
  func check(_ now: NIODeadline) {
    switch state {
    case .reading(let reader):
      if let core, reader.isStalled(now, seconds: core.limits.readerStallSeconds) { core.drop(reader, reason: "it takes nothing") }
    case .publishing where now >= deadline: drop("nothing came for \(LogText.shortest(core?.limits.publisherSilenceSeconds ?? 0)) s")
    case .request where now >= deadline: answer(OriginAnswer(408, "the request did not come in time"), keepAlive: false)
    case .idle where now >= deadline, .closing where now >= deadline: context?.close(promise: nil)
    case .publishing, .request, .idle, .closing: break
    }
  }
}
