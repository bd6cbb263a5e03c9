import NIOCore
import NIOHTTP1
import NIOPosix
import Testing
import WireFormats

@testable import SocketIO

struct TestTimeout: Error, CustomStringConvertible {
  let description: String
}

/// Fails when the work is not done in time; the work is cancelled then.
func within<T: Sendable>(_ limit: Duration = .seconds(30), _ what: String = "the test", _ work: @escaping @Sendable () async throws -> T)
  async throws -> T
{
  try await withThrowingTaskGroup(of: T.self) { group in
    group.addTask { try await work() }
    group.addTask {
      try await Task.sleep(for: limit)
      throw TestTimeout(description: "\(what) took longer than \(limit)")
    }
    defer { group.cancelAll() }
    guard let first = try await group.next() else { throw TestTimeout(description: "nothing ran") }
    return first
  }
}

/// The answer to a raw request.
struct Answer: Sendable, Hashable {
  let status: Int
  let body: String
}

/// Speaks to a server without the client under test's logic above HTTP.
struct RawPeer: Sendable {
  let port: Int
  let loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
  var path = "/socket.io/"

  func request(_ method: String, _ query: String, body: String? = nil) async throws -> Answer {
    try await target(method, path + query, body: body)
  }

  func target(_ method: String, _ target: String, body: String? = nil) async throws -> Answer {
    let address = try ClientAddress(url: "http://127.0.0.1:\(port)", path: "/")
    let loop = loop
    return try await loop.flatSubmit {
      ClientHTTP(loop: loop, address: address, headers: address.headers([]), maxBody: 200 << 20)
        .request(.init(rawValue: method), target, body: body.map { ByteBuffer(string: $0) }, timeout: .seconds(20)) { _ in }
        .map { Answer(status: $0.status, body: String(buffer: $0.body)) }
    }.get()
  }

  func poll(_ sid: String) async throws -> Answer { try await request("GET", "?EIO=4&transport=polling&sid=\(sid)") }
  func post(_ sid: String, _ body: String) async throws -> Answer {
    try await request("POST", "?EIO=4&transport=polling&sid=\(sid)", body: body)
  }

  /// Opens a polling session.
  func session() async throws -> String {
    let answer = try await request("GET", "?EIO=4&transport=polling")
    return try #require(try JSONValue.parse(String(answer.body.dropFirst()))["sid"]?.stringValue)
  }

  func socket(_ query: String = "?EIO=4&transport=websocket", maxMessage: Int = 1 << 26) async throws -> RawSocket {
    let address = try ClientAddress(url: "http://127.0.0.1:\(port)", path: "/")
    let (loop, target) = (loop, path + query)
    let (stream, continuation) = AsyncStream.makeStream(of: EngineMessage.self)
    let bound = try await loop.flatSubmit {
      ClientHTTP(loop: loop, address: address, headers: address.headers([]), maxBody: 1 << 20)
        .webSocket(target, maxMessage: maxMessage, timeout: .seconds(10))
        .map { bound in
          bound.value.onMessage = { continuation.yield($0) }
          bound.value.onClosed = { _ in continuation.finish() }
          return bound
        }
    }.get()
    return RawSocket(loop: loop, link: bound, reader: FrameReader(stream))
  }

  /// A WebSocket that has done both handshakes.
  func connectedSocket() async throws -> RawSocket {
    let socket = try await socket()
    #expect(try await socket.next()?.hasPrefix("0") == true)
    try await socket.send("40")
    #expect(try await socket.next()?.hasPrefix("40{\"sid\":") == true)
    #expect(try await socket.next() == "42[\"auth\",{}]")
    return socket
  }
}

actor FrameReader {
  private var iterator: AsyncStream<EngineMessage>.Iterator
  init(_ stream: AsyncStream<EngineMessage>) { iterator = stream.makeAsyncIterator() }
  func next() async -> EngineMessage? {
    var iterator = iterator
    let message = await iterator.next(isolation: self)
    self.iterator = iterator
    return message
  }
}

struct RawSocket: Sendable {
  let loop: any EventLoop
  let link: NIOLoopBound<WebSocketLink>
  let reader: FrameReader

  func send(_ text: String) async throws {
    try await loop.submit { [link] in link.value.send([.text(ByteBuffer(string: text))], promise: nil) }.get()
  }
  func send(_ bytes: [UInt8]) async throws {
    try await loop.submit { [link] in link.value.send([.binary(ByteBuffer(bytes: bytes))], promise: nil) }.get()
  }
  func close() async throws { try await loop.submit { [link] in link.value.close() }.get() }

  /// The next frame; `nil` when the socket was closed.
  func nextMessage() async throws -> EngineMessage? {
    try await within(.seconds(10), "the next frame") { await reader.next() }
  }
  /// The next text frame.
  func next() async throws -> String? {
    switch try await nextMessage() {
    case .text(let buffer): String(buffer: buffer)
    case .binary(let buffer): "binary \(Array(buffer.readableBytesView))"
    case nil: nil
    }
  }
  /// The next frame that is no ping.
  func nextButPing() async throws -> String? {
    while true {
      let frame = try await next()
      if frame != "2" { return frame }
    }
  }
}

extension RawSocket {
  /// Sends bytes below the frames.
  func sendRaw(_ bytes: [UInt8]) async throws {
    try await loop.submit { [link] in link.value.sendRaw(bytes) }.get()
  }
}
