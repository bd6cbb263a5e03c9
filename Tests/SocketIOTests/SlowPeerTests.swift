import TestSupport
import Testing
import WireFormats

@testable import SocketIO

extension LiveTests.ClientServerTests {
  /// Many times longer than the heartbeat takes, a client sends one message piece by piece and answers no ping.
  @Test func `a long message keeps the session alive`() async throws {
    try await Self.withServer({
      $0.pingInterval = .milliseconds(50)
      $0.pingTimeout = .milliseconds(400)
    }) { _, url in
      let port = try #require(Int(url.split(separator: ":").last ?? ""))
      let socket = try await RawPeer(port: port).socket()
      _ = try await socket.next()
      try await socket.send("40")
      let text = Array(("42[\"echo\",\"" + String(repeating: "x", count: 60_000) + "\"]").utf8)
      // One frame by hand: FIN and text, masked with zeros, a length of two bytes.
      var frame: [UInt8] = [0x81, 0xFE, UInt8(text.count >> 8), UInt8(text.count & 255), 0, 0, 0, 0] + text
      let clock = ContinuousClock()
      let start = clock.now
      while !frame.isEmpty {
        try await socket.sendRaw(Array(frame.prefix(3000)))
        frame.removeFirst(min(3000, frame.count))
        try await Task.sleep(for: .milliseconds(60))
      }
      #expect(clock.now - start > .milliseconds(1000))
      while let answer = try await socket.nextButPing() {
        if answer.hasPrefix("42[\"echo\"") { return #expect(answer.utf8.count == text.count) }
      }
      Issue.record("the session was closed")
    }
  }

  @Test func `slow reader is disconnected`() async throws {
    let log = Log()
    var configuration = SocketIOServerConfiguration()
    configuration.maxBufferedBytes = 4 << 20
    configuration.sendHighWater = 64 << 20
    let server = SocketIOServer(configuration: configuration) { connection in
      for await event in connection.events {
        switch event {
        case .connected:
          let block = JSONValue.string(String(repeating: "x", count: 1 << 20))
          for _ in 0..<64 where (try? await connection.emit("block", [block])) == nil { break }
        case .disconnected(let reason): await log.add(reason)
        case .event: break
        }
      }
    }
    let port = try await server.start(host: "127.0.0.1", port: 0)
    let sid = try await RawPeer(port: port).session()
    _ = try await RawPeer(port: port).post(sid, "40")
    try await waitUntil { await log.reasons == ["slow reader"] }
    await server.shutdown()
  }

  @Test func `slow consumer is disconnected`() async throws {
    let log = Log()
    var configuration = SocketIOServerConfiguration()
    configuration.maxPendingEvents = 10
    let server = SocketIOServer(configuration: configuration) { connection in
      var isFirst = true
      for await event in connection.events {
        if isFirst { try? await waitUntil { await log.reasons == ["closed"] } }
        isFirst = false
        if case .disconnected(let reason) = event { await log.add(reason) }
      }
    }
    let port = try await server.start(host: "127.0.0.1", port: 0)
    let peer = RawPeer(port: port)
    let sid = try await peer.session()
    _ = try await peer.post(sid, "40" + String(repeating: "\u{1e}42[\"x\"]", count: 30))
    try await waitUntil { (try? await peer.post(sid, "6"))?.status == 400 }
    await log.add("closed")
    try await waitUntil { await log.reasons == ["closed", "slow consumer"] }
    await server.shutdown()
  }
}
