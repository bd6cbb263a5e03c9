import NIOCore
import NIOHTTP1
import NIOPosix
import TestSupport
import Testing
import WireFormats

@testable import SocketIO

/// The cases of the reference project's Engine.IO test suite (protocol 4), against a live echo server.
extension LiveTests {
  @Suite(.serialized, .timeLimit(.minutes(5))) struct EngineConformanceTests {
    /// An Engine.IO server that echoes messages.
    static func withEcho(pongLimit: Duration = .seconds(20), _ test: @escaping @Sendable (RawPeer) async throws -> Void) async throws {
      let loop = MultiThreadedEventLoopGroup.singleton.next()
      let box = try await loop.submit { () -> NIOLoopBound<HTTPServiceCore> in
        var configuration = SocketIOServerConfiguration()
        configuration.paths = ["/engine.io"]
        configuration.pingInterval = .milliseconds(300)
        configuration.pingTimeout = pongLimit
        configuration.maxPayload = 1_000_000
        let engine = EngineServer(loop: loop, configuration: configuration, httpHandler: nil)
        engine.onSession = { session in session.onMessage = { [weak session] in session?.send([$0]) } }
        return NIOLoopBound(HTTPServiceCore(loop: loop, configuration: configuration.http, router: engine), eventLoop: loop)
      }.get()
      let port = try await loop.flatSubmit { box.value.start(host: "127.0.0.1", port: 0) }.get()
      var peer = RawPeer(port: port)
      peer.path = "/engine.io/"
      let ready = peer
      let result = await Task { try await within { try await test(ready) } }.result
      try await loop.flatSubmit {
        box.value.dropAllConnections()
        return box.value.shutdown()
      }.get()
      try result.get()
    }

    static func checkOpen(_ text: String, upgrades: JSONValue) throws {
      #expect(text.hasPrefix("0"))
      let value = try JSONValue.parse(String(text.dropFirst()))
      #expect(Set(value.objectValue?.keys.map { $0 } ?? []) == ["sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"])
      #expect(
        value["upgrades"] == upgrades && value["pingInterval"] == 300 && value["pingTimeout"] == 20_000 && value["maxPayload"] == 1_000_000)
      #expect(value["sid"]?.stringValue?.utf8.count == 20)
    }

    @Test func `polling handshake`() async throws {
      try await Self.withEcho { peer in
        let answer = try await peer.request("GET", "?EIO=4&transport=polling")
        #expect(answer.status == 200)
        try Self.checkOpen(answer.body, upgrades: ["websocket"])
      }
    }

    @Test(arguments: [
      ("GET", "?transport=polling", 5, "Unsupported protocol version"),
      ("GET", "?EIO=abc&transport=polling", 5, "Unsupported protocol version"),
      ("GET", "?EIO=3&transport=polling", 5, "Unsupported protocol version"), ("GET", "?EIO=4", 0, "Transport unknown"),
      ("GET", "?EIO=4&transport=abc", 0, "Transport unknown"), ("POST", "?EIO=4&transport=polling", 2, "Bad handshake method"),
      ("PUT", "?EIO=4&transport=polling", 2, "Bad handshake method"), ("GET", "?EIO=4&transport=polling&sid=nope", 1, "Session ID unknown"),
      ("GET", "?EIO=4&transport=websocket", 3, "Bad request"),
    ])
    func `refused handshake`(method: String, query: String, code: Int, message: String) async throws {
      try await Self.withEcho { peer in
        let answer = try await peer.request(method, query)
        #expect(answer == Answer(status: 400, body: #"{"code":\#(code),"message":"\#(message)"}"#))
      }
    }

    @Test func `web socket handshake`() async throws {
      try await Self.withEcho { peer in
        let socket = try await peer.socket()
        try Self.checkOpen(try #require(try await socket.next()), upgrades: [])
        for query in ["?transport=websocket", "?EIO=abc&transport=websocket", "?EIO=4", "?EIO=4&transport=abc"] {
          await #expect(throws: SocketIOError.self) { _ = try await peer.socket(query) }
        }
      }
    }

    @Test(arguments: ["4hello", "4test1\u{1e}4test2\u{1e}4test3", "4hello\u{1e}bAQIDBA=="]) func `polling messages`(payload: String)
      async throws
    {
      try await Self.withEcho { peer in
        let sid = try await peer.session()
        #expect(try await peer.post(sid, payload) == Answer(status: 200, body: "ok"))
        #expect(try await peer.poll(sid) == Answer(status: 200, body: payload))
      }
    }

    @Test func `invalid packet closes`() async throws {
      try await Self.withEcho { peer in
        let sid = try await peer.session()
        #expect(try await peer.post(sid, "abc").status == 400)
        #expect(try await peer.poll(sid).status == 400)
        let socket = try await peer.socket()
        _ = try await socket.next()
        try await socket.send("abc")
        #expect(try await socket.next() == nil)
      }
    }

    @Test func `duplicate poll closes`() async throws {
      try await Self.withEcho { peer in
        let sid = try await peer.session()
        async let first = peer.poll(sid)
        // The first poll is waiting as soon as a second one is refused.
        let second = try await peer.poll(sid)
        let answers = [try await first, second].sorted { $0.status < $1.status }
        #expect(answers[0] == Answer(status: 200, body: "1") && answers[1].status == 400)
        #expect(try await peer.poll(sid).status == 400)
      }
    }

    @Test func `cancelled poll closes`() async throws {
      try await Self.withEcho { peer in
        let sid = try await peer.session()
        let address = try ClientAddress(url: "http://127.0.0.1:\(peer.port)", path: "/")
        let loop = peer.loop
        let cancelled = try await loop.flatSubmit {
          ClientHTTP(loop: loop, address: address, headers: address.headers([]), maxBody: 100)
            .request(.GET, "/engine.io/?EIO=4&transport=polling&sid=\(sid)", timeout: .seconds(5)) { channel in
              loop.scheduleTask(in: .milliseconds(30)) { channel.close(promise: nil) }
            }.map { _ in false }.recover { _ in true }
        }.get()
        #expect(cancelled)
        try await waitUntil { (try? await peer.post(sid, "6"))?.status == 400 }
      }
    }

    @Test func `web socket messages`() async throws {
      try await Self.withEcho { peer in
        let socket = try await peer.socket()
        _ = try await socket.next()
        try await socket.send("4hello")
        #expect(try await socket.next() == "4hello")
        try await socket.send([1, 2, 3, 4])
        #expect(try await socket.next() == "binary [1, 2, 3, 4]")
      }
    }

    @Test func `who sends no pong is dropped`() async throws {
      try await Self.withEcho(pongLimit: .milliseconds(1500)) { peer in
        let sid = try await peer.session()
        let socket = try await peer.socket()
        _ = try await socket.next()
        for _ in 0..<3 {
          #expect(try await peer.poll(sid) == Answer(status: 200, body: "2"))
          #expect(try await peer.post(sid, "3").status == 200)
          #expect(try await socket.next() == "2")
          try await socket.send("3")
        }
        #expect(try await socket.next() == "2")
        #expect(try await socket.next() == nil)
        try await waitUntil { (try? await peer.post(sid, "6"))?.status == 400 }
      }
    }

    @Test func `close packet`() async throws {
      try await Self.withEcho { peer in
        let sid = try await peer.session()
        async let waiting = peer.poll(sid)
        // A second poll would close the session; a post is answered in order of arrival, so that the poll is given time to arrive.
        try await Task.sleep(for: .milliseconds(100))
        #expect(try await peer.post(sid, "1").status == 200)
        #expect(try await waiting == Answer(status: 200, body: "6"))
        #expect(try await peer.poll(sid).status == 400)
        let socket = try await peer.socket()
        _ = try await socket.next()
        try await socket.send("1")
        #expect(try await socket.next() == nil)
      }
    }

    @Test func `a polling session is upgraded to a web socket`() async throws {
      try await Self.withEcho { peer in
        let sid = try await peer.session()
        let socket = try await peer.socket("?EIO=4&transport=websocket&sid=\(sid)")
        try await socket.send("2probe")
        #expect(try await socket.next() == "3probe")
        #expect(try await peer.poll(sid) == Answer(status: 200, body: "6"))
        try await socket.send("5")
        try await socket.send("4hello")
        #expect(try await socket.next() == "4hello")
        #expect(try await peer.poll(sid).status == 400)
        #expect(try await peer.post(sid, "4x").status == 400)
        let second = try await peer.socket("?EIO=4&transport=websocket&sid=\(sid)")
        #expect(try await second.next() == nil)
        try await socket.send("4again")
        #expect(try await socket.nextButPing() == "4again")
      }
    }

    @Test func `upgrade releases a waiting poll`() async throws {
      try await Self.withEcho { peer in
        let sid = try await peer.session()
        async let waiting = peer.poll(sid)
        let socket = try await peer.socket("?EIO=4&transport=websocket&sid=\(sid)")
        try await socket.send("2probe")
        #expect(try await socket.next() == "3probe")
        #expect(try await waiting == Answer(status: 200, body: "6"))
      }
    }

    @Test func `what is too large is refused`() async throws {
      try await Self.withEcho { peer in
        let sid = try await peer.session()
        #expect(try await peer.post(sid, "4" + String(repeating: "x", count: 1_000_000)).status == 413)
        let socket = try await peer.socket()
        _ = try await socket.next()
        try await socket.send("4" + String(repeating: "x", count: 999_999))
        #expect(try await socket.nextButPing()?.utf8.count == 1_000_000)
        try await socket.send("4" + String(repeating: "x", count: 1_000_000))
        #expect(try await socket.nextButPing() == nil)
      }
    }
  }
}
