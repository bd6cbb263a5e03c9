import NIOCore
import NIOHTTP1
import NIOWebSocket
import WireFormats

/// Engine.IO on top of the HTTP service: handshakes, polls, posts and upgrades. Confined to one event loop.
final class EngineServer: HTTPRouter {
  let loop: any EventLoop
  let configuration: SocketIOServerConfiguration
  private let settings: EngineSession.Settings
  private let paths: Set<String>
  private let httpHandler: HTTPHandler?
  private var sessions: [String: EngineServerSession] = [:]
  private var isShutDown = false
  /// Called for every new session, before anything is received.
  var onSession: ((EngineServerSession) -> Void)?

  init(loop: any EventLoop, configuration: SocketIOServerConfiguration, httpHandler: HTTPHandler?) {
    self.loop = loop
    self.configuration = configuration
    self.httpHandler = httpHandler
    settings = EngineSession.Settings(
      pingInterval: TimeAmount(configuration.pingInterval).nanoseconds, pingTimeout: TimeAmount(configuration.pingTimeout).nanoseconds,
      upgradeTimeout: TimeAmount(configuration.upgradeTimeout).nanoseconds, maxPayload: configuration.maxPayload)
    paths = Set(configuration.paths.map(Self.normal))
  }

  private static func normal(_ path: String) -> String { path.hasSuffix("/") ? path : path + "/" }

  func bodyLimit(path: String) -> Int { paths.contains(Self.normal(path)) ? configuration.maxPayload : configuration.http.maxRequestBody }

  // MARK: - Polling

  func progress(_ request: RawRequest) {
    guard paths.contains(Self.normal(request.path)), let sid = request.query("sid") else { return }
    sessions[sid]?.touch()
  }

  func respond(to request: RawRequest, exchange: HTTPExchange) {
    guard paths.contains(Self.normal(request.path)) else {
      guard let httpHandler else { return exchange.complete(RawResponse(text: "There is nothing at this path.", status: .notFound)) }
      return HTTPServiceCore.answer(
        request, exchange: exchange, timeout: configuration.http.handlerTimeout, loop: loop, handler: httpHandler)
    }
    // Inner exchanges get their answers with the cross-origin fields added.
    let origin = request.field("origin")
    let open = HTTPExchange { [weak self] response in exchange.complete(self?.withOrigin(response, origin) ?? response) }
    exchange.onEnd = { isAborted in if isAborted { open.abort() } }
    answer(request, open)
  }

  private func answer(_ request: RawRequest, _ exchange: HTTPExchange) {
    if request.head.method == .OPTIONS { return exchange.complete(RawResponse(status: .noContent)) }
    guard let transport = request.query("transport").flatMap(SocketIOTransport.init), configuration.transports.contains(transport) else {
      return exchange.complete(EngineRefusal.unknownTransport.response)
    }
    if let sid = request.query("sid") {
      guard let session = sessions[sid] else { return exchange.complete(EngineRefusal.unknownSession.response) }
      guard transport == .polling, session.transport == .polling else { return exchange.complete(EngineRefusal.badRequest.response) }
      switch request.head.method {
      case .GET: session.poll(exchange)
      case .POST:
        let isGood = session.post(request.body)
        exchange.complete(
          isGood
            ? RawResponse(status: .ok, headers: ["Content-Type": "text/html"], body: ByteBuffer(string: "ok"))
            : EngineRefusal.badRequest.response)
      default: exchange.complete(EngineRefusal.badRequest.response)
      }
      return
    }
    guard request.head.method == .GET else { return exchange.complete(EngineRefusal.badMethod.response) }
    guard transport == .polling else { return exchange.complete(EngineRefusal.badRequest.response) }
    guard request.query("EIO") == "4" else { return exchange.complete(EngineRefusal.unsupportedVersion.response) }
    guard let session = open(.polling) else {
      return exchange.complete(RawResponse(text: "Too many sessions are open.", status: .serviceUnavailable))
    }
    exchange.complete(Self.payload([openPacket(session, upgrades: configuration.transports.contains(.websocket) ? ["websocket"] : [])]))
    onSession?(session)
  }

  static func payload(_ packets: [EnginePacket]) -> RawResponse {
    RawResponse(
      status: .ok, headers: ["Content-Type": "text/plain; charset=UTF-8", "Cache-Control": "no-store"], body: EnginePayload.encode(packets))
  }

  private func withOrigin(_ response: RawResponse, _ asking: String?) -> RawResponse {
    let allowed = asking.flatMap { configuration.http.access?.allows(origin: $0) == true ? $0 : nil }
    guard let origin = configuration.allowOrigin ?? allowed else { return response }
    var response = response
    response.headers.replaceOrAdd(name: "Access-Control-Allow-Origin", value: origin)
    if response.status == .noContent {
      response.headers.replaceOrAdd(name: "Access-Control-Allow-Methods", value: "GET, POST, OPTIONS")
      response.headers.replaceOrAdd(name: "Access-Control-Allow-Headers", value: "Content-Type")
    }
    return response
  }

  // MARK: - WebSocket

  func upgrade(_ request: RawRequest) -> WebSocketUpgrade {
    guard paths.contains(Self.normal(request.path)) else {
      return .refuse(RawResponse(text: "There is no WebSocket at this path.", status: .notFound))
    }
    guard request.head.method == .GET, request.query("transport") == SocketIOTransport.websocket.rawValue,
      configuration.transports.contains(.websocket)
    else { return .refuse(EngineRefusal.unknownTransport.response) }
    if let sid = request.query("sid") {
      guard sessions[sid] != nil else { return .refuse(EngineRefusal.unknownSession.response) }
      return .accept(maxMessage: configuration.maxPayload) { [weak self] link in
        guard let session = self?.sessions[sid] else { return link.close() }
        session.attachProbe(link)
      }
    }
    guard request.query("EIO") == "4" else { return .refuse(EngineRefusal.unsupportedVersion.response) }
    return .accept(maxMessage: configuration.maxPayload) { [weak self] link in
      guard let self, let session = self.open(.websocket) else { return link.close(code: .unexpectedServerError) }
      session.attach(link)
      session.sendPackets([self.openPacket(session, upgrades: [])])
      self.onSession?(session)
    }
  }

  // MARK: - Sessions

  private func open(_ transport: SocketIOTransport) -> EngineServerSession? {
    guard !isShutDown, sessions.count < configuration.maxSessions else { return nil }
    let id = SessionID.make()
    let session = EngineServerSession(
      id: id, settings: settings, transport: transport, maxBufferedBytes: configuration.maxBufferedBytes, loop: loop)
    session.onClosed = { [weak self] _ in self?.sessions[id] = nil }
    sessions[id] = session
    return session
  }

  /// Adds to what happens when a session ends.
  func whenClosed(_ session: EngineServerSession, _ action: @escaping (String) -> Void) {
    let id = session.id
    session.onClosed = { [weak self] reason in
      self?.sessions[id] = nil
      action(reason)
    }
  }

  private func openPacket(_ session: EngineServerSession, upgrades: [String]) -> EnginePacket {
    let value: JSONValue = [
      "sid": .string(session.id), "upgrades": .array(upgrades.map { .string($0) }),
      "pingInterval": .integer(settings.pingInterval / 1_000_000),
      "pingTimeout": .integer(settings.pingTimeout / 1_000_000), "maxPayload": .int(settings.maxPayload),
    ]
    return .open(ByteBuffer(bytes: value.serialized()))
  }

  func closeAll(reason: String, forGood: Bool) {
    if forGood { isShutDown = true }
    for session in Array(sessions.values) { session.close(reason: reason) }
  }
}

enum SessionID {
  /// 120 random bits in 20 letters that need no escaping in a URL. Never guessable: who knows it can speak for the session.
  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<15).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    return String(Base64.text(bytes).map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
  }
}
