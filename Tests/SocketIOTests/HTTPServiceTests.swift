import NIOCore
import NIOPosix
import Testing

@testable import SocketIO

extension LiveTests {
  @Suite(.serialized, .timeLimit(.minutes(5))) struct HTTPServiceTests {
    struct Setup {
      var configuration = HTTPServiceConfiguration()
      var handler: HTTPHandler = { request in
        HTTPResponse(
          status: request.path == "/missing" ? 404 : 200,
          headers: [HTTPField("X-Method", request.method), HTTPField("X-Bad", "a\r\nX-Forged: 1")],
          body: Array("\(request.method) \(request.path) \(request.query.map { "\($0.name)=\($0.value)" }) \(request.body.count)".utf8))
      }
    }

    static func withService(_ change: (inout Setup) -> Void, _ test: @escaping @Sendable (HTTPService, Int) async throws -> Void)
      async throws
    {
      var setup = Setup()
      change(&setup)
      let service = HTTPService(configuration: setup.configuration, handler: setup.handler)
      let port = try await service.start(host: "127.0.0.1", port: 0)
      let result = await Task { try await within { try await test(service, port) } }.result
      await service.shutdown()
      try result.get()
    }

    /// Sends bytes and returns all that comes back until the server closes.
    static func exchange(_ port: Int, _ text: String) async throws -> String {
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
          }
        }
      return try await within(.seconds(10), "the answer") {
        try await channel.executeThenClose { inbound, outbound in
          var all = ByteBuffer()
          do {
            try await outbound.write(ByteBuffer(string: text))
            for try await bytes in inbound { all.writeImmutableBuffer(bytes) }
          } catch  where error is IOError || error is ChannelError {
            // A reset after the answer, or a close before the request, counts as the end.
          }
          return String(buffer: all)
        }
      }
    }

    @Test func `a request is answered`() async throws {
      try await Self.withService({ _ in }) { (_: HTTPService, port: Int) async throws -> Void in
        let peer = RawPeer(port: port)
        #expect(
          try await peer.target("GET", "/a/b?x=1&y=%20a+b&z&%zz=%4")
            == Answer(status: 200, body: #"GET /a/b ["x=1", "y= a b", "z=", "%zz=%4"] 0"#))
        #expect(try await peer.target("POST", "/p", body: "12345").body == "POST /p [] 5")
        #expect(try await peer.target("GET", "/missing").status == 404)
      }
    }

    @Test func `keeps alive and pipelines`() async throws {
      try await Self.withService({ _ in }) { (_: HTTPService, port: Int) async throws -> Void in
        let all = try await Self.exchange(
          port,
          "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcHEAD /3 HTTP/1.1\r\nHost: x\r\n\r\nGET /4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        #expect(all.components("HTTP/1.1 200 OK") == 4)
        #expect(all.contains("GET /1 [] 0") && all.contains("POST /2 [] 3") && all.contains("GET /4 [] 0"))
        #expect(!all.contains("HEAD /3") && all.contains("X-Method: HEAD") && !all.contains("Forged"))
      }
    }

    @Test(arguments: [
      ("nonsense\r\n\r\n", "400"), ("GET / HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 30) + "\r\n", "431"),
      ("GET /" + String(repeating: "x", count: 300) + " HTTP/1.1\r\nHost: x\r\n\r\n", "414"),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n", "413"),
      (
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5dc\r\n" + String(repeating: "x", count: 1500) + "\r\n0\r\n\r\n",
        "413"
      ),
      (
        "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        "400"
      ),
    ])
    func `a bad request is refused with its status`(request: String, status: String) async throws {
      try await Self.withService({
        $0.configuration.maxHeaderFields = 20
        $0.configuration.maxTargetLength = 200
        $0.configuration.maxRequestBody = 1000
      }) { (_: HTTPService, port: Int) async throws -> Void in
        #expect(try await Self.exchange(port, request).hasPrefix("HTTP/1.1 \(status) "))
      }
    }

    @Test func `closes silent connections`() async throws {
      try await Self.withService({
        $0.configuration.idleTimeout = .milliseconds(100)
        $0.configuration.requestTimeout = .milliseconds(100)
      }) { (_: HTTPService, port: Int) async throws -> Void in
        #expect(try await Self.exchange(port, "") == "")
        #expect(try await Self.exchange(port, "GET / HT") == "")
        #expect(try await Self.exchange(port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc") == "")
      }
    }

    @Test func `bounds handlers`() async throws {
      try await Self.withService({
        $0.configuration.handlerTimeout = .milliseconds(100)
        $0.handler = { _ in
          try? await Task.sleep(for: .seconds(20))
          return .text("late")
        }
      }) { (_: HTTPService, port: Int) async throws -> Void in
        #expect(try await RawPeer(port: port).target("GET", "/").status == 503)
      }
    }

    @Test func `bounds connections`() async throws {
      try await Self.withService({ $0.configuration.maxConnections = 0 }) { (_: HTTPService, port: Int) async throws -> Void in
        await #expect(throws: (any Error).self) { _ = try await RawPeer(port: port).target("GET", "/") }
      }
    }

    @Test func `stops and resumes`() async throws {
      try await Self.withService({ _ in }) { (service: HTTPService, port: Int) async throws -> Void in
        let peer = RawPeer(port: port)
        await service.stopListening()
        await #expect(throws: (any Error).self) { _ = try await peer.target("GET", "/") }
        try await service.resumeListening()
        #expect(try await peer.target("GET", "/").status == 200)
        let other = HTTPService { _ in .text("x") }
        await #expect(throws: SocketIOError.self) { try await other.start(host: "127.0.0.1", port: port) }
        await #expect(throws: SocketIOError.self) { try await other.resumeListening() }
      }
    }
  }
}

extension String {
  /// How often a text occurs.
  func components(_ part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
