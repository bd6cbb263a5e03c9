import NIOCore
import TestSupport
import Testing
import WireFormats

@testable import SocketIO

/// Our client against our server.
extension LiveTests {
  @Suite(.serialized, .timeLimit(.minutes(5))) struct ClientServerTests {
    enum Way: String, Sendable, CaseIterable {
      case polling, websocket, upgrade

      var transports: [SocketIOTransport] {
        switch self {
        case .polling: [.polling]
        case .websocket: [.websocket]
        case .upgrade: [.polling, .websocket]
        }
      }
      var final: SocketIOTransport { self == .polling ? .polling : .websocket }
    }

    /// Collects what a server's connections tell.
    actor Log {
      var reasons: [String] = []
      func add(_ reason: String) { reasons.append(reason) }
    }

    static func echoServer(_ configuration: SocketIOServerConfiguration, log: Log? = nil) -> SocketIOServer {
      SocketIOServer(
        configuration: configuration,
        authorize: { _, auth in auth?["token"] == "bad" ? "the token is bad" : nil },
        httpHandler: { .json(["path": .string($0.path), "method": .string($0.method)]) }
      ) { connection in
        for await event in connection.events {
          switch event {
          case .connected(let auth): try? await connection.emit("hello", [auth ?? nil])
          case .event("echo", let args, let ack):
            if let ack { try? await ack.send(args) } else { try? await connection.emit("echo", args) }
          case .event("ask", let args, _):
            let answer = try? await connection.emitWithAck("question", args, timeout: .seconds(5))
            try? await connection.emit("answered", answer ?? ["failed"])
          case .event("leave", _, _): await connection.disconnect()
          case .event: break
          case .disconnected(let reason): await log?.add(reason)
          }
        }
      }
    }

    static func withServer(
      _ change: @Sendable (inout SocketIOServerConfiguration) -> Void = { _ in }, log: Log? = nil,
      _ test: @escaping @Sendable (SocketIOServer, String) async throws -> Void
    ) async throws {
      var configuration = SocketIOServerConfiguration()
      change(&configuration)
      let server = echoServer(configuration, log: log)
      let port = try await server.start(host: "127.0.0.1", port: 0)
      let result = await Task { try await within(.seconds(90)) { try await test(server, "http://127.0.0.1:\(port)") } }.result
      await server.shutdown()
      try result.get()
    }

    static func client(_ url: String, _ way: Way, auth: JSONValue? = nil, path: String = "/socket.io/") -> SocketIOClient {
      var configuration = SocketIOClientConfiguration()
      configuration.transports = way.transports
      configuration.auth = auth
      configuration.path = path
      configuration.requestTimeout = .seconds(90)
      return SocketIOClient(url: url, configuration: configuration)
    }

    /// The next event's name and arguments; acks are answered with what came.
    static func next(_ events: inout AsyncStream<SocketIOEvent>.Iterator) async throws -> (String, [JSONValue]) {
      switch await events.next() {
      case .connected(let auth): return ("connected", [auth ?? nil])
      case .event(let name, let args, let ack):
        try await ack?.send(args + ["acked"])
        return (name, args)
      case .disconnected(let reason): return ("disconnected", [.string(reason)])
      case nil: return ("end", [])
      }
    }

    @Test(arguments: Way.allCases, ["/socket.io/", "/ws/sts"]) func `events and acknowledgements go both ways`(way: Way, path: String)
      async throws
    {
      let log = Log()
      try await Self.withServer(log: log) { _, url in
        let client = Self.client(url, way, auth: ["user": "x"], path: path)
        var events = client.events.makeAsyncIterator()
        try await client.connect()
        #expect(await client.transport == way.final)
        let sid = try #require(await client.id)
        #expect(try await Self.next(&events) == ("connected", [["sid": .string(sid)]]))
        #expect(try await Self.next(&events) == ("hello", [["user": "x"]]))
        let args: [JSONValue] = [1, "two", [3.5, nil, true], ["k": ["v": "\u{20AC}\u{1F600}"]]]
        try await client.emit("echo", args)
        #expect(try await Self.next(&events) == ("echo", args))
        let binary: [JSONValue] = [
          .binary([0, 255, 7]), ["deep": [.binary([])]], .binary((0..<5000).map { UInt8(truncatingIfNeeded: $0) }),
        ]
        try await client.emit("echo", binary)
        #expect(try await Self.next(&events) == ("echo", binary))
        #expect(try await client.emitWithAck("echo", args) == args)
        #expect(try await client.emitWithAck("echo", binary) == binary)
        try await client.emit("ask", [5])
        #expect(try await Self.next(&events) == ("question", [5]))
        #expect(try await Self.next(&events) == ("answered", [5, "acked"]))
        await #expect(throws: SocketIOError.timedOut("no acknowledgement came")) {
          _ = try await client.emitWithAck("ignored", timeout: .milliseconds(50))
        }
        await #expect(throws: SocketIOError.self) { try await client.emit("disconnect") }
        for index in 0..<200 { try await client.emit("echo", [.int(index)]) }
        for index in 0..<200 { #expect(try await Self.next(&events) == ("echo", [.int(index)])) }
        await client.disconnect()
        #expect(try await Self.next(&events) == ("disconnected", ["io client disconnect"]))
        #expect(try await Self.next(&events) == ("end", []))
        await #expect(throws: SocketIOError.notConnected(reason: "io client disconnect")) { try await client.emit("echo") }
        try await waitUntil { await log.reasons == ["client namespace disconnect"] }
      }
    }

    @Test(arguments: Way.allCases) func `server disconnects`(way: Way) async throws {
      let log = Log()
      try await Self.withServer(log: log) { _, url in
        let client = Self.client(url, way)
        var events = client.events.makeAsyncIterator()
        try await client.connect()
        _ = try await Self.next(&events)
        _ = try await Self.next(&events)
        try await client.emit("leave")
        #expect(try await Self.next(&events) == ("disconnected", ["io server disconnect"]))
        #expect(try await Self.next(&events) == ("end", []))
        try await waitUntil { await log.reasons == ["server namespace disconnect"] }
      }
    }

    @Test func `a server refuses with its reason`() async throws {
      try await Self.withServer { server, url in
        await #expect(throws: SocketIOError.refused(message: "the token is bad")) {
          try await Self.client(url, .upgrade, auth: ["token": "bad"]).connect()
        }
        var configuration = SocketIOClientConfiguration()
        configuration.namespace = "/nope"
        let client = SocketIOClient(url: url, configuration: configuration)
        await #expect(throws: SocketIOError.refused(message: "Invalid namespace")) { try await client.connect() }
        for way in Way.allCases {
          await #expect(throws: SocketIOError.self) { try await Self.client(url, way, path: "/elsewhere").connect() }
        }
        for bad in ["https://127.0.0.1:1", "127.0.0.1:1", "ftp://x", "http://", "http://h:99999", "http://a b"] {
          await #expect(throws: SocketIOError.self) { try await Self.client(bad, .upgrade).connect() }
        }
      }
    }

    @Test(arguments: Way.allCases) func `large messages`(way: Way) async throws {
      // Under a sanitizer the copying alone takes longer than a heartbeat may.
      try await Self.withServer({ $0.pingTimeout = .seconds(80) }) { _, url in
        let client = Self.client(url, way)
        try await client.connect()
        let text = JSONValue.string(String(repeating: "QUJD", count: 5 << 20))
        #expect(try await client.emitWithAck("echo", [text], timeout: .seconds(60)) == [text])
        let bytes = JSONValue.binary([UInt8](repeating: 0xA5, count: 20 << 20))
        #expect(try await client.emitWithAck("echo", [bytes], timeout: .seconds(60)) == [bytes])
        let tooLarge = JSONValue.string(String(repeating: "x", count: 50 << 20))
        await #expect(throws: SocketIOError.self) { try await client.emit("echo", [tooLarge]) }
        #expect(try await client.emitWithAck("echo", [1]) == [1])
        await client.disconnect()
      }
    }

    @Test func `server refuses what is over its limit`() async throws {
      let log = Log()
      try await Self.withServer({ $0.maxPayload = 10_000 }, log: log) { server, url in
        let port = try #require(Int(url.split(separator: ":").last ?? ""))
        let socket = try await RawPeer(port: port).socket()
        _ = try await socket.next()
        try await socket.send("40")
        #expect(try await socket.next()?.hasPrefix("40") == true)
        #expect(try await socket.next() == "42[\"hello\",null]")
        try await socket.send("42[\"echo\",\"" + String(repeating: "x", count: 20_000) + "\"]")
        #expect(try await socket.next() == nil)
        try await waitUntil { await log.reasons == ["transport error"] }
      }
    }

    @Test(arguments: Way.allCases) func `stays alive over many pings`(way: Way) async throws {
      try await Self.withServer({
        $0.pingInterval = .milliseconds(60)
        $0.pingTimeout = .milliseconds(2000)
      }) { _, url in
        let client = Self.client(url, way)
        try await client.connect()
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(1200)
        while clock.now < end { #expect(try await client.emitWithAck("echo", [1]) == [1]) }
        await client.disconnect()
      }
    }

    /// A server that never pings: the client gives up after interval and timeout.
    @Test func `client notices silence`() async throws {
      try await Self.withServer({
        $0.pingInterval = .milliseconds(100)
        $0.pingTimeout = .milliseconds(100)
      }) { _, url in
        // Paused reading stands for a peer that has gone: neither pings nor the close arrive.
        let client = Self.client(url, .websocket)
        var events = client.events.makeAsyncIterator()
        try await client.connect()
        await client.holdReading()
        var last = ""
        while let event = await events.next() { if case .disconnected(let reason) = event { last = reason } }
        #expect(last == "ping timeout")
      }
    }

    @Test(arguments: Way.allCases) func `a client comes back after an outage`(way: Way) async throws {
      let log = Log()
      try await Self.withServer(log: log) { server, url in
        let client = Self.client(url, way)
        var events = client.events.makeAsyncIterator()
        try await client.connect()
        _ = try await Self.next(&events)
        _ = try await Self.next(&events)
        await server.stopListening()
        // A polling request needs a connection of its own; a WebSocket stays.
        if way != .polling { #expect(try await client.emitWithAck("echo", [1], timeout: .seconds(5)) == [1]) }
        await server.dropAllConnections()
        let (name, args) = try await Self.next(&events)
        #expect(name == "disconnected" && ["transport close", "transport error"].contains(args.first?.stringValue ?? ""))
        await #expect(throws: SocketIOError.self) { try await Self.client(url, way).connect() }
        try await server.resumeListening()
        try await server.resumeListening()
        let again = Self.client(url, way)
        try await again.connect()
        #expect(try await again.emitWithAck("echo", [2]) == [2])
        await again.disconnect()
      }
    }

    @Test func `shutdown is seen and bounded`() async throws {
      let log = Log()
      try await Self.withServer(log: log) { server, url in
        let client = Self.client(url, .websocket)
        var events = client.events.makeAsyncIterator()
        try await client.connect()
        _ = try await Self.next(&events)
        _ = try await Self.next(&events)
        let clock = ContinuousClock()
        let start = clock.now
        await server.shutdown()
        #expect(clock.now - start < .seconds(4))
        #expect(try await Self.next(&events) == ("disconnected", ["transport close"]))
        await #expect(throws: SocketIOError.self) { try await server.start(host: "127.0.0.1", port: 0) }
      }
    }

    @Test func `connect times out`() async throws {
      try await Self.withServer { _, url in
        var configuration = SocketIOClientConfiguration()
        configuration.connectTimeout = .milliseconds(150)
        configuration.path = "/hang"
        // The HTTP handler of this server never speaks Engine.IO; a service that does not answer at all stands in here.
        let service = HTTPService { _ in
          try? await Task.sleep(for: .seconds(20))
          return .text("late")
        }
        let port = try await service.start(host: "127.0.0.1", port: 0)
        let client = SocketIOClient(url: "http://127.0.0.1:\(port)", configuration: configuration)
        await #expect(throws: SocketIOError.self) { try await client.connect() }
        await service.shutdown()
      }
    }
  }
}

extension SocketIOClient {
  /// Stops reading from the server, as a dead network would.
  func holdReading() async { queueHold(true) }
}
