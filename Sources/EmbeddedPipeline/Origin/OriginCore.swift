import Events
import NIOCore
import NIOHTTP1
import NIOPosix
import SocketIO

/// The sockets and paths of an origin. Confined to one event loop, on which all its connections run too.
final class OriginCore {
  let loop: any EventLoop
  let limits: StreamOriginLimits
  let shape: ServiceShape
  let clock: any RunClock
  let log: LogWriter
  /// The address that is listened on.
  private var listener = ""
  /// Nil when `POST /control` is switched off.
  let onCrash: (@Sendable () -> Void)?
  private let startedAt: RunInstant
  private(set) var isOutage = false
  private var outageEnd: Scheduled<Void>?
  var paths: [String: OriginPath] = [:]
  private var listeners: [any Channel] = []
  private var connections: [ObjectIdentifier: OriginConnection] = [:]
  private var channels: [ObjectIdentifier: any Channel] = [:]
  private var watch: RepeatedTask?
  private var isStopping = false

  init(
    loop: any EventLoop, limits: StreamOriginLimits, shape: ServiceShape, clock: any RunClock, log: LogWriter,
    onCrash: (@Sendable () -> Void)?
  ) {
    self.onCrash = onCrash
    self.loop = loop
    self.limits = limits
    self.shape = shape
    self.clock = clock
    self.log = log
    startedAt = clock.now()
  }

  /// Listens; port 0 picks a free one.
  func listen(host: String, port: Int, role: OriginRole) -> EventLoopFuture<Int> {
    listener = host
    let box = NIOLoopBound(self, eventLoop: loop)
    return ServerBootstrap(group: loop)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      // A fixed size: a reader that takes nothing shows after this much, not after what the system would grow it to.
      .childChannelOption(.socketOption(.so_sndbuf), value: 256 << 10)
      .childChannelOption(.maxMessagesPerRead, value: 4)
      .childChannelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 1 << 17))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let core = box.value
          guard core.admit(channel) else { throw ChannelError.inputClosed }
          var headLimits = NIOHTTPDecoderLimitConfiguration()
          headLimits.maxHeaderFieldSize = 8 << 10
          headLimits.maxHeaderListSize = 32 << 10
          headLimits.maxHeaderFieldCount = 100
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(HTTPResponseEncoder())
          try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: headLimits)))
          try pipeline.addHandler(OriginConnection(role: role, core: core))
        }
      }
      .bind(host: host, port: port)
      .hop(to: loop)
      .assumeIsolated()
      .flatMapThrowing { channel in
        self.listeners.append(channel)
        self.startWatch()
        guard let bound = channel.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        return bound
      }
      .nonisolated()
  }

  private func admit(_ channel: any Channel) -> Bool {
    guard channels.count < limits.connections, !isStopping else { return false }
    let id = ObjectIdentifier(channel)
    channels[id] = channel
    channel.closeFuture.assumeIsolated().whenComplete { _ in self.channels[id] = nil }
    return true
  }

  func admitted(_ connection: OriginConnection) { connections[ObjectIdentifier(connection)] = connection }
  func gone(_ connection: OriginConnection) { connections[ObjectIdentifier(connection)] = nil }

  /// Looks after everybody's time limits, often enough for the shortest.
  private func startWatch() {
    guard watch == nil else { return }
    let shortest = min(limits.readerStallSeconds, limits.publisherSilenceSeconds, limits.requestSeconds)
    let box = NIOLoopBound(self, eventLoop: loop)
    let interval = TimeAmount.real(seconds: max(0.05, min(1, shortest / 4)))
    watch = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
      let now = NIODeadline.now()
      for connection in box.value.connections.values { connection.check(now) }
    }
  }

  /// Ends everything; readers get the end of their answers, half a second later all is closed.
  func shutdown() -> EventLoopFuture<Void> {
    isStopping = true
    watch?.cancel()
    outageEnd?.cancel()
    for listener in listeners { listener.close(promise: nil) }
    listeners = []
    for path in paths.values { path.publisher.drop("stream-origin stops") }
    let box = NIOLoopBound(self, eventLoop: loop)
    let killer = loop.scheduleTask(in: .milliseconds(500)) {
      for channel in box.value.channels.values { channel.close(promise: nil) }
    }
    let closed = channels.values.map { $0.closeFuture.hop(to: loop) }
    for connection in connections.values { connection.endIdle() }
    return EventLoopFuture.andAllComplete(closed, on: loop).map { killer.cancel() }
  }

  /// Begins an outage of so many seconds of pipeline time: nothing is answered, and whoever publishes or reads is dropped.
  func beginOutage(seconds: Double) {
    outageEnd?.cancel()
    let box = NIOLoopBound(self, eventLoop: loop)
    outageEnd = loop.scheduleTask(in: .real(seconds: seconds / clock.speed)) { box.value.endOutage() }
    isOutage = true
    say(OriginLogText.outage(begins: true, shape: shape))
    for connection in connections.values { connection.dropMedia("outage") }
  }

  private func endOutage() {
    isOutage = false
    say(OriginLogText.outage(begins: false, shape: shape))
  }

  func say(_ entry: LogEntry) { log.write(entry) }

  /// Answers what is not media.
  func answer(_ head: HTTPRequestHead, body: ByteBuffer, role: OriginRole) -> OriginAnswer {
    if role == .everything, OriginRole.path(head.uri) == "/control" {
      let (host, origin) = (head.headers.first(name: "host"), head.headers.first(name: "origin"))
      if let refusal = HTTPAccess().refusal(host: host, origin: origin, listener: listener) { return OriginAnswer(403, refusal) }
      return control(
        method: head.method.rawValue, contentType: head.headers.first(name: "content-type"), body: Array(body.readableBytesView))
    }
    if isOutage { return .outage }
    return OriginAnswers.answer(
      method: head.method.rawValue, target: head.uri, role: role, paths: states, uptimeSeconds: clock.now().seconds(since: startedAt))
  }

  /// The paths by name.
  var states: [OriginPathState] {
    paths.values.sorted { $0.name < $1.name }.map { path in
      OriginPathState(
        name: path.name, publisherID: path.publisherID, readyAt: path.readyAt, tracks: path.tracks, bytesReceived: path.bytesReceived,
        bytesSent: path.bytesSent, readers: path.readers.keys.sorted())
    }
  }
}
