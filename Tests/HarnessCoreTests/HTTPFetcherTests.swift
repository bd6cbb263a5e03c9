import TestSupport
import Testing

@testable import HarnessCore

@Suite struct HTTPFetcherTests {
  private func withFetcher(_ answer: @escaping @Sendable (String) -> Reply, _ body: (HTTPFetcher, ScriptedServer) async throws -> Void)
    async throws
  {
    let server = try await ScriptedServer(answer)
    let fetcher = HTTPFetcher()
    do { try await body(fetcher, server) } catch {
      await fetcher.shutdown()
      await server.stop()
      throw error
    }
    await fetcher.shutdown()
    await server.stop()
  }

  private func failure(_ fetcher: HTTPFetcher, _ request: FetchRequest) async -> String {
    do throws(FetchFailure) {
      let answer = try await fetcher.get(request)
      return "answered \(answer.status)"
    } catch {
      return error.description
    }
  }

  @Test func `reads an answer and keeps the connection`() async throws {
    try await withFetcher { _ in
      .http("hello", type: "text/x; version=1")
    } _: { fetcher, server in
      for _ in 0..<5 {
        let answer = try await fetcher.get(FetchRequest(try TargetURL(server.url("/a?b=c"))))
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self) == "hello")
        #expect(answer.contentType == "text/x; version=1")
        #expect(!answer.isCut)
        #expect(answer.latencyMilliseconds > 0)
      }
      #expect(server.connections == 1)
      #expect(server.requests.first?.hasPrefix("GET /a?b=c HTTP/1.1") == true)
      #expect(server.requests.first?.lowercased().contains("user-agent: dubwatch") == true)
      #expect(server.requests.first?.lowercased().contains("accept-encoding: gzip") != true)
    }
  }

  @Test func `reads HTTP/1.0 without length`() async throws {
    try await withFetcher { _ in
      .raw("HTTP/1.0 200 OK\r\n\r\nold style")
    } _: { fetcher, server in
      let answer = try await fetcher.get(FetchRequest(try TargetURL(server.url())))
      #expect(String(decoding: answer.body, as: UTF8.self) == "old style")
    }
  }

  /// A hostile server, and the plain words for what it does.
  struct Hostile: Sendable, CustomTestStringConvertible {
    let name: String
    let reply: Reply
    let expected: [String]
    var testDescription: String { name }

    init(_ name: String, _ reply: Reply, _ expected: String...) {
      self.name = name
      self.reply = reply
      self.expected = expected
    }
  }

  static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
  static let hostile: [Hostile] = [
    Hostile("silent", .raw("", .keep), "no answer within 300 ms"),
    Hostile("closes at once", .raw("", .close), "connection closed"),
    Hostile("garbage", .raw("\u{1}\u{2}\u{3} nonsense\r\n\r\n", .keep), "not HTTP"),
    Hostile("ssh", .raw("SSH-2.0-OpenSSH_9.2\r\n", .keep), "not HTTP"),
    Hostile("half a head", .raw("HTTP/1.1 200 OK\r\nContent-Type: te", .close), "connection closed", "not HTTP"),
    Hostile(
      "drip of a head", .raw("HTTP/1.1 200 OK\r\n", .forever(Array("a: b\r\n".utf8), milliseconds: 20)), "no answer within", "headers"),
    Hostile(
      "flood of headers", .raw("HTTP/1.1 200 OK\r\n", .forever(Array(String(repeating: "a: b\r\n", count: 1000).utf8), milliseconds: 0)),
      "headers too large", "no answer within"),
    Hostile(
      "one endless header", .raw("HTTP/1.1 200 OK\r\na: ", .forever([UInt8](repeating: 0x61, count: 65536), milliseconds: 0)),
      "headers too large", "no answer within"),
    Hostile("drip of a body", .raw("HTTP/1.1 200 OK\r\n\r\n", .forever([0x61], milliseconds: 20)), "data came for 300 ms, not complete"),
    Hostile(
      "head alone", .raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", .keep), "only the head of an answer came within 300 ms"),
    Hostile("short body", .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", .close), "closed"),
    Hostile("bad chunk", .raw(chunked + "zz\r\nabc\r\n", .keep), "not HTTP"),
    Hostile("cut chunk", .raw(chunked + "10\r\nabc", .close), "closed", "not HTTP"),
    Hostile("endless chunk size", .raw(chunked, .forever([0x66], milliseconds: 0)), "not HTTP"),
    Hostile(
      "flood of trailers",
      .raw(chunked + "2\r\nok\r\n0\r\n", .forever(Array(String(repeating: "a: b\r\n", count: 1000).utf8), milliseconds: 0)),
      "headers too large"),
    Hostile("negative length", .raw("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", .keep), "not HTTP"),
    Hostile(
      "two lengths", .raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", .keep), "not HTTP", "answered 200"),
    Hostile("endless 100", .raw("", .forever(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), milliseconds: 1)), "heads without end"),
    Hostile(
      "a flood of 100", .raw("", .forever(Array(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 1000).utf8), milliseconds: 0)),
      "heads without end"),
    Hostile("redirect to itself", .http("", status: "302 Found", headers: "Location: /again\r\n"), "more than 5 redirects"),
    Hostile("redirect to a file", .http("", status: "302 Found", headers: "Location: file:///etc/passwd\r\n"), "no http URL"),
    Hostile("broken gzip", .http("not gzip at all", headers: "Content-Encoding: gzip\r\n"), "compress", "not"),
  ]

  @Test(.timeLimit(.minutes(1)), arguments: hostile)
  func `a hostile answer ends within its limits`(hostile: Hostile) async throws {
    try await withFetcher { _ in
      hostile.reply
    } _: { fetcher, server in
      // Only what has to run into the time limit gets a short one: a busy machine may take its time for the others.
      let limit = hostile.expected.contains { $0.hasPrefix("no answer") || $0.hasSuffix("300 ms") || $0.hasPrefix("data came") } ? 0.3 : 20
      let start = ContinuousClock.now
      let words = await failure(
        fetcher, FetchRequest(try TargetURL(server.url()), timeoutSeconds: limit, bodyLimit: 1 << 20, overflow: .fail))
      #expect(hostile.expected.contains { words.contains($0) }, "\(words)")
      #expect(ContinuousClock.now - start < .seconds(limit + 10))
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `endless body ends at the limit`() async throws {
    let flood = [UInt8](repeating: 0x61, count: 1 << 16)
    for head in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"] {
      try await withFetcher { _ in
        .raw(head, .forever(flood, milliseconds: 0))
      } _: { fetcher, server in
        let target = try TargetURL(server.url())
        let words = await failure(
          fetcher, FetchRequest(target, timeoutSeconds: 20, bodyLimit: HTTPFetcher.maximumBodyBytes, overflow: .fail))
        #expect(words == "response over 16 MiB")
        let cut = try await fetcher.get(FetchRequest(target, timeoutSeconds: 20, bodyLimit: 1000, overflow: .cut))
        #expect(cut.isCut)
        #expect(cut.body.count == 1000)
      }
    }
  }

  @Test func `says refused and not found at once`() async throws {
    let server = try await ScriptedServer { _ in .http("") }
    await server.stop()
    let fetcher = HTTPFetcher()
    let start = ContinuousClock.now
    #expect(await failure(fetcher, FetchRequest(try TargetURL(server.url()), timeoutSeconds: 10)) == "connection refused")
    #expect(
      await failure(fetcher, FetchRequest(try TargetURL("http://localhost:\(server.port)/"), timeoutSeconds: 10)) == "connection refused")
    #expect(ContinuousClock.now - start < .seconds(5))
    let words = await failure(fetcher, FetchRequest(try TargetURL("http://no-such-host.invalid/"), timeoutSeconds: 10))
    #expect(words.contains("host not found") || words.contains("no answer"), "\(words)")
    await fetcher.shutdown()
    #expect(await failure(fetcher, FetchRequest(try TargetURL(server.url()), timeoutSeconds: 1)) == "cancelled")
  }

  @Test func `says that TLS is not spoken`() async throws {
    try await withFetcher { _ in
      .http("plain")
    } _: { fetcher, server in
      let words = await failure(fetcher, FetchRequest(try TargetURL("https://127.0.0.1:\(server.port)/"), timeoutSeconds: 1))
      #expect(words.hasPrefix("TLS") || words.contains("no answer"), "\(words)")
    }
  }

  @Test func `credentials stay with their origin`() async throws {
    let other = try await ScriptedServer { _ in .http("other") }
    let home = try await ScriptedServer { request in
      request.hasPrefix("GET /away")
        ? .http("", status: "302 Found", headers: "Location: \(other.url("/x"))\r\n")
        : request.hasPrefix("GET /stay") ? .http("", status: "307 Moved", headers: "Location: /here\r\n") : .http("home")
    }
    let fetcher = HTTPFetcher()
    _ = try await fetcher.get(FetchRequest(try TargetURL(home.url("/away")), credentials: .bearer("geheim")))
    _ = try await fetcher.get(FetchRequest(try TargetURL("http://user:pa%20ss@127.0.0.1:\(home.port)/stay")))
    await fetcher.shutdown()
    #expect(home.requests.count == 3)
    #expect(home.requests.first?.contains("authorization: Bearer geheim") == true)
    #expect(home.requests.dropFirst().allSatisfy { $0.contains("authorization: Basic dXNlcjpwYSBzcw==") })
    #expect(other.requests.count == 1)
    #expect(other.requests.allSatisfy { !$0.lowercased().contains("authorization") })
    await home.stop()
    await other.stop()
  }

  @Test(.timeLimit(.minutes(1)))
  func `cancellation is prompt`() async throws {
    try await withFetcher { _ in
      .raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1", .keep)
    } _: { fetcher, server in
      let target = try TargetURL(server.url())
      let task = Task { await failure(fetcher, FetchRequest(target, timeoutSeconds: 600)) }
      #expect(await eventually { server.requests.count == 1 })
      let start = ContinuousClock.now
      task.cancel()
      #expect(await task.value == "cancelled")
      #expect(ContinuousClock.now - start < .seconds(1))
    }
  }
}
