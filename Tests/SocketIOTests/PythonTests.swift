import TestSupport
import Testing
import WireFormats

@testable import SocketIO

extension LiveTests {
  /// The real python-socketio, unmodified, on the other side.
  @Suite(.serialized, .timeLimit(.minutes(5))) struct PythonTests {
    @Test(
      arguments: ["polling", "websocket", "default"],
      [("socket.io", "sync"), ("ws/sts", "async"), ("/ws/sts", "sync"), ("socket.io", "async")])
    func `Python client`(transports: String, kind: (path: String, kind: String)) async throws {
      guard PythonPeer.isAvailable("the server against python-socketio") else { return }
      let reasons = Locked<[String]>([])
      let server = SocketIOServer { connection in
        for await event in connection.events {
          switch event {
          case .connected(let auth): try? await connection.emit("hello", [auth ?? nil])
          case .event("ask", let args, _):
            let answer = try? await connection.emitWithAck("question", args, timeout: .seconds(20))
            try? await connection.emit("answered", answer ?? ["failed"])
          case .event("leave", _, _): await connection.disconnect()
          case .event(let name, let args, let ack):
            if let ack { try? await ack.send(args) } else { try? await connection.emit(name, args) }
          case .disconnected(let reason): reasons.withLock { $0.append(reason) }
          }
        }
      }
      let port = try await server.start(host: "127.0.0.1", port: 0)
      let child = try PythonPeer(
        "Tests/SocketIOTests/Peers/client_peer.py", ["http://127.0.0.1:\(port)", kind.path, transports, kind.kind], takesErrors: true)
      let status = await child.status
      await child.stop()
      let lines = child.output
      #expect(status == 0, "\(lines.joined(separator: "\n"))")
      // Among warnings of the interpreter.
      let report = lines.lazy.compactMap { try? JSONValue.parse($0) }.first
      #expect(report?["transport"]?.stringValue == (transports == "polling" ? "polling" : "websocket"))
      #expect(report?["reason"]?.stringValue == "server disconnect" && report?["order"]?.boolValue == true, "\(lines)")
      try await waitUntil { reasons.withLock({ $0 }) == ["server namespace disconnect"] }
      await server.shutdown()
    }

    @Test(arguments: ClientServerTests.Way.allCases, ["socket.io", "ws/sts"]) func `Python server`(way: ClientServerTests.Way, path: String)
      async throws
    {
      guard PythonPeer.isAvailable("the client against python-socketio") else { return }
      let child = try PythonPeer("Tests/SocketIOTests/Peers/server_peer.py", [path], takesErrors: true)
      let result = await Task { try await within(.seconds(80)) { try await Self.talk(to: child, way, "/" + path + "/") } }.result
      await child.stop()
      if case .failure(let error) = result { Issue.record("\(error)\n\(child.output.joined(separator: "\n"))") }
    }

    static func talk(to child: PythonPeer, _ way: ClientServerTests.Way, _ path: String) async throws {
      try await waitUntil("the server's port", within: 30) { child.output.first.flatMap { Int($0) } != nil }
      let url = "http://127.0.0.1:\(child.output[0])"
      let client = ClientServerTests.client(url, way, auth: ["user": "swift"], path: path)
      var events = client.events.makeAsyncIterator()
      try await client.connect()
      #expect(await client.transport == way.final)
      #expect(try await ClientServerTests.next(&events).0 == "connected")
      #expect(try await ClientServerTests.next(&events) == ("hello", [["user": "swift"]]))
      let args: [JSONValue] = [1, "two", [3.5, nil, true], ["k": ["v": "\u{20AC}\u{1F600}"]]]
      let binary: [JSONValue] = [.binary((0..<5000).map { UInt8(truncatingIfNeeded: $0) }), ["deep": [.binary([])]]]
      try await client.emit("echo", args)
      #expect(try await ClientServerTests.next(&events) == ("echo", args))
      try await client.emit("echo", binary)
      #expect(try await ClientServerTests.next(&events) == ("echo", binary))
      #expect(try await client.emitWithAck("call", args) == args)
      #expect(try await client.emitWithAck("call", binary) == binary)
      // python-engineio with aiohttp reads no more of a POST than has arrived (StreamReader.read), so that polling stays small here.
      let unit = way == .polling ? 1 << 10 : 1 << 20
      let large: [JSONValue] = [.string(String(repeating: "QUJD", count: unit)), .binary([UInt8](repeating: 7, count: 2 * unit))]
      #expect(try await client.emitWithAck("call", large, timeout: .seconds(30)) == large)
      try await client.emit("ask", [5])
      #expect(try await ClientServerTests.next(&events) == ("question", [5]))
      #expect(try await ClientServerTests.next(&events) == ("answered", [5, "acked"]))
      // Longer than the server's ping interval and its limit together would be needed to fail; three pings are enough to see them answered.
      let clock = ContinuousClock()
      let end = clock.now + .seconds(3)
      while clock.now < end {
        #expect(try await client.emitWithAck("call", [1]) == [1])
        try await Task.sleep(for: .milliseconds(100))
      }
      try await client.emit("leave")
      #expect(try await ClientServerTests.next(&events) == ("disconnected", ["io server disconnect"]))
      let refused = ClientServerTests.client(url, way, auth: ["token": "bad"], path: path)
      await #expect(throws: SocketIOError.refused(message: "the token is bad")) { try await refused.connect() }
      let leaving = ClientServerTests.client(url, way, path: path)
      try await leaving.connect()
      await leaving.disconnect()
      try await waitUntil { child.output.contains("disconnected client disconnect") }
    }
  }
}
