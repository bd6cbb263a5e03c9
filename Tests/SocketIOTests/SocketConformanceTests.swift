import NIOCore
import Testing
import WireFormats

@testable import SocketIO

/// The cases of the reference project's Socket.IO test suite (protocol 5), against the live server with the suite's echo handlers.
extension LiveTests {
  @Suite(.serialized, .timeLimit(.minutes(5))) struct SocketConformanceTests {
    static func withServer(
      _ change: @Sendable (inout SocketIOServerConfiguration) -> Void = { _ in }, _ test: @escaping @Sendable (RawPeer) async throws -> Void
    ) async throws {
      var configuration = SocketIOServerConfiguration()
      configuration.namespaces = ["/", "/custom"]
      configuration.pingInterval = .milliseconds(300)
      configuration.pingTimeout = .seconds(20)
      configuration.connectTimeout = .seconds(10)
      configuration.maxPayload = 1_000_000
      change(&configuration)
      let server = SocketIOServer(configuration: configuration) { connection in
        for await event in connection.events {
          switch event {
          case .connected(let auth): try? await connection.emit("auth", [auth ?? [:]])
          case .event("message", let args, _): try? await connection.emit("message-back", args)
          case .event("message-with-ack", let args, let ack): try? await ack?.send(args)
          case .event, .disconnected: break
          }
        }
      }
      let port = try await server.start(host: "127.0.0.1", port: 0)
      let result = await Task { try await within { try await test(RawPeer(port: port)) } }.result
      await server.shutdown()
      try result.get()
    }

    @Test(arguments: [
      ("40", "40{\"sid\":", "42[\"auth\",{}]"), ("40{\"token\":\"123\"}", "40{\"sid\":", "42[\"auth\",{\"token\":\"123\"}]"),
      ("40/custom,", "40/custom,{\"sid\":", "42/custom,[\"auth\",{}]"), ("40/custom", "40/custom,{\"sid\":", "42/custom,[\"auth\",{}]"),
      ("40/custom,{\"token\":\"abc\"}", "40/custom,{\"sid\":", "42/custom,[\"auth\",{\"token\":\"abc\"}]"),
    ])
    func `a namespace is connected to, or refused`(packet: String, answer: String, auth: String) async throws {
      try await Self.withServer { peer in
        let socket = try await peer.socket()
        _ = try await socket.next()
        try await socket.send(packet)
        #expect(try await socket.nextButPing()?.hasPrefix(answer) == true)
        #expect(try await socket.nextButPing() == auth)
      }
    }

    @Test func `refuses unknown namespace`() async throws {
      try await Self.withServer { peer in
        let socket = try await peer.socket()
        _ = try await socket.next()
        try await socket.send("40/random")
        #expect(try await socket.next() == #"44/random,{"message":"Invalid namespace"}"#)
      }
    }

    @Test func `closes without connect`() async throws {
      try await Self.withServer({ $0.connectTimeout = .milliseconds(200) }) { peer in
        let socket = try await peer.socket()
        _ = try await socket.next()
        #expect(try await socket.nextButPing() == nil)
      }
    }

    @Test(arguments: ["4abc", "41", "42[\"x\"]", "43", "40[]"]) func `closes on invalid first packet`(packet: String) async throws {
      try await Self.withServer { peer in
        let socket = try await peer.socket()
        _ = try await socket.next()
        try await socket.send(packet)
        #expect(try await socket.nextButPing() == nil)
      }
    }

    @Test(arguments: ["4abc", "42{}", "42abc[\"message-with-ack\",1]", "42[\"disconnect\"]", "42", "451-[\"x\",{}]\u{0}", "44{}"])
    func `closes on invalid packet`(packet: String) async throws {
      try await Self.withServer { peer in
        let socket = try await peer.connectedSocket()
        try await socket.send(packet)
        #expect(try await socket.nextButPing() == nil)
      }
    }

    @Test func `client disconnects`() async throws {
      try await Self.withServer { peer in
        let socket = try await peer.connectedSocket()
        try await socket.send("41")
        #expect(try await socket.next() == "2")
      }
    }

    @Test func `leaves custom namespace`() async throws {
      try await Self.withServer { peer in
        let socket = try await peer.connectedSocket()
        try await socket.send("40/custom")
        #expect(try await socket.nextButPing()?.hasPrefix("40/custom,{\"sid\":") == true)
        #expect(try await socket.nextButPing() == "42/custom,[\"auth\",{}]")
        try await socket.send("41/custom")
        try await socket.send("42[\"message\",\"message to main namespace\"]")
        #expect(try await socket.nextButPing() == "42[\"message-back\",\"message to main namespace\"]")
      }
    }

    @Test(arguments: [
      (#"42["message",1,"2",{"3":[true]}]"#, #"42["message-back",1,"2",{"3":[true]}]"#),
      (#"42456["message-with-ack",1,"2",{"3":[false]}]"#, #"43456[1,"2",{"3":[false]}]"#),
    ])
    func `plain text`(packet: String, answer: String) async throws {
      try await Self.withServer { peer in
        let socket = try await peer.connectedSocket()
        try await socket.send(packet)
        #expect(try await socket.nextButPing() == answer)
      }
    }

    @Test(arguments: [
      (
        #"452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#,
        #"452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#
      ),
      (
        #"452-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#,
        #"462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#
      ),
    ])
    func `attachments follow their packet`(packet: String, answer: String) async throws {
      try await Self.withServer { peer in
        let socket = try await peer.connectedSocket()
        try await socket.send(packet)
        try await socket.send([1, 2, 3])
        try await socket.send([4, 5, 6])
        #expect(try await socket.nextButPing() == answer)
        #expect(try await socket.nextButPing() == "binary [1, 2, 3]")
        #expect(try await socket.nextButPing() == "binary [4, 5, 6]")
      }
    }

    @Test func `polling events`() async throws {
      try await Self.withServer({ $0.pingInterval = .seconds(25) }) { peer in
        let sid = try await peer.session()
        #expect(try await peer.post(sid, "40") == Answer(status: 200, body: "ok"))
        var received = ""
        while !received.contains("auth") { received += try await peer.poll(sid).body + "\u{1e}" }
        #expect(received.hasPrefix("40{\"sid\":"))
        #expect(try await peer.post(sid, "451-7[\"message-with-ack\",{\"_placeholder\":true,\"num\":0}]\u{1e}bAQID").status == 200)
        received = ""
        while !received.contains("bAQID") { received += try await peer.poll(sid).body + "\u{1e}" }
        #expect(received.hasPrefix("461-7[{\"_placeholder\":true,\"num\":0}]\u{1e}bAQID"))
      }
    }

    @Test(arguments: ["/socket.io/", "/socket.io", "/ws/sts", "/ws/sts/"]) func `only the path of the server is answered`(path: String)
      async throws
    {
      try await Self.withServer { (peer: RawPeer) async throws -> Void in
        #expect(try await peer.target("GET", path + "?EIO=4&transport=polling").status == 200)
        #expect(try await peer.target("GET", "/other" + path + "?EIO=4&transport=polling").status == 404)
      }
    }

    @Test func `session limit`() async throws {
      try await Self.withServer({ $0.maxSessions = 2 }) { peer in
        _ = try await peer.session()
        _ = try await peer.session()
        #expect(try await peer.request("GET", "?EIO=4&transport=polling").status == 503)
      }
    }
  }
}
