import Testing

@testable import SocketIO

@Suite struct HTTPAccessTests {
  @Test(
    arguments: [
      (nil, nil, "127.0.0.1", true), ("127.0.0.1:8080", nil, "127.0.0.1", true), ("localhost", nil, "127.0.0.1", true),
      ("LOCALHOST:8080", nil, "localhost", true), ("[::1]:8080", nil, "::1", true), ("127.0.0.1", nil, "::1", true),
      ("evil.example.com", nil, "127.0.0.1", false), ("evil.example.com:8080", nil, "localhost", false),
      ("127.0.0.1.evil.example.com", nil, "127.0.0.1", false), ("10.0.0.1", nil, "127.0.0.1", false),
      // A service in a container is asked by any name; only pages are told apart there.
      ("echo-sts:8080", nil, "0.0.0.0", true), ("echo-sts:8080", "http://echo-sts:8080", "0.0.0.0", true),
      ("echo-sts:8080", "http://evil.example.com", "0.0.0.0", false),
      ("127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1", true), ("127.0.0.1:8080", "http://127.0.0.1:9090", "127.0.0.1", false),
      ("127.0.0.1:8080", "http://localhost:8080", "127.0.0.1", false), ("localhost", "http://localhost:80", "127.0.0.1", true),
      ("localhost:443", "https://localhost", "127.0.0.1", true), ("localhost:8080", "null", "127.0.0.1", false),
      ("localhost:8080", "http://evil.example.com", "127.0.0.1", false), ("localhost:8080", "", "127.0.0.1", false),
      ("localhost:8080", "http://page.example.com:5173", "127.0.0.1", true),
      ("localhost:8080", "https://page.example.com:5173", "127.0.0.1", false), (nil, "http://localhost", "127.0.0.1", false),
    ] as [(String?, String?, String, Bool)])
  func `pages of elsewhere are refused`(_ host: String?, _ origin: String?, _ listener: String, _ isTaken: Bool) {
    let access = HTTPAccess(allowedOrigins: ["http://page.example.com:5173"])
    #expect((access.refusal(host: host, origin: origin, listener: listener) == nil) == isTaken)
  }

  @Test func `every origin may be let in`() {
    let access = HTTPAccess(allowedOrigins: ["*"])
    #expect(access.refusal(host: "localhost", origin: "http://evil.example.com", listener: "127.0.0.1") == nil)
    #expect(access.refusal(host: "evil.example.com", origin: nil, listener: "127.0.0.1") != nil)
  }

  @Test(
    arguments: [
      ("application/json", true), ("Application/JSON; charset=utf-8", true), ("text/plain", false), (nil, false),
      ("application/x-www-form-urlencoded", false), ("application/jsonx", false), ("text/plain; application/json", false),
    ] as [(String?, Bool)])
  func `a body says that it is JSON`(_ type: String?, _ isJSON: Bool) { #expect(HTTPRequest.isJSON(contentType: type) == isJSON) }
}

extension LiveTests.HTTPServiceTests {
  @Test func `requests of another host or origin are answered 403`() async throws {
    try await Self.withService({ $0.configuration.access = HTTPAccess() }) { (_: HTTPService, port: Int) async throws -> Void in
      let ending = "Connection: close\r\n\r\n"
      for (head, status) in [
        ("GET / HTTP/1.1\r\nHost: localhost:\(port)\r\n", "200"), ("GET / HTTP/1.1\r\nHost: evil.example.com\r\n", "403"),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example.com\r\n", "403"),
        ("POST / HTTP/1.1\r\nHost: localhost:\(port)\r\nOrigin: http://localhost:\(port)\r\nContent-Length: 0\r\n", "200"),
      ] {
        let answer = try await Self.exchange(port, head + ending)
        #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(head)")
      }
    }
  }

  @Test func `a port that is taken is said without internals`() async throws {
    try await Self.withService({ _ in }) { (_: HTTPService, port: Int) async throws -> Void in
      let second = HTTPService { _ in .text("") }
      for (host, words) in [
        ("127.0.0.1", "the port is in use: choose another one, or 0 for any that is free"),
        ("no-such-host.invalid", "there is no host of that name"),
      ] {
        let error = await #expect(throws: SocketIOError.self) { try await second.start(host: host, port: port) }
        #expect(error == .cannotListen(words))
      }
      await second.shutdown()
    }
  }
}
