#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A GET and its limits.
package struct FetchRequest: Sendable {
  /// What happens when the body is longer than allowed.
  package enum Overflow: Sendable {
    /// The request fails: half a scrape is worth nothing.
    case fail
    /// The rest is not read: an excerpt is enough.
    case cut
  }

  /// Where it goes.
  package var target: TargetURL
  /// What proves who asks; else what the URL itself carries.
  package var credentials: Credentials?
  /// How long everything may take: resolving, connecting, headers, body and redirects; in real seconds.
  package var timeoutSeconds: Double
  /// How long the body may be, in bytes, after decompression; at most ``HTTPFetcher/maximumBodyBytes``.
  package var bodyLimit: Int
  /// What happens when it is longer.
  package var overflow: Overflow
  /// What is asked for; nil for anything.
  package var accept: String?

  /// A GET and its limits.
  package init(
    _ target: TargetURL, credentials: Credentials? = nil, timeoutSeconds: Double = 2, bodyLimit: Int = 64 * 1024,
    overflow: Overflow = .cut, accept: String? = nil
  ) {
    self.target = target
    self.credentials = credentials
    self.timeoutSeconds = timeoutSeconds
    self.bodyLimit = min(max(0, bodyLimit), HTTPFetcher.maximumBodyBytes)
    self.overflow = overflow
    self.accept = accept
  }
}

/// What came back.
package struct HTTPAnswer: Sendable {
  /// The status code.
  package var status: Int
  /// The `Content-Type`, as sent.
  package var contentType: String?
  /// The `Content-Encoding`, as sent; gzip and deflate are taken off the body, others are still on it.
  package var contentEncoding: String?
  /// The body, or its beginning.
  package var body: [UInt8]
  /// Whether the body was cut at the limit.
  package var isCut: Bool
  /// How long it took, in milliseconds of real time.
  package var latencyMilliseconds: Double

  /// Whether the status says success.
  package var isSuccess: Bool { (200..<300).contains(status) }
}

/// Fetches over HTTP with limits on everything a hostile or dead endpoint could stretch: time, size, redirects.
///
/// One of it serves a whole run; whoever made it calls ``shutdown()``. Connections are kept and used again. Each endpoint is asked by
/// itself: no request waits for a connection behind those of other endpoints on the same host. Proxies of the environment are not used.
package final class HTTPFetcher: Sendable {
  /// The most that any body may hold: 16 MiB.
  package static let maximumBodyBytes = 16 * 1024 * 1024
  /// How many redirects are followed.
  package static let redirectLimit = 5
  /// How long a connection may take to be made, in seconds.
  private static let connectSeconds = 5.0

  private let engine = CurlEngine()
  private let userAgent: String

  /// A fetcher with no connections yet.
  package init(userAgent: String = "dubwatch") { self.userAgent = userAgent }

  /// Closes every connection; nothing can be fetched afterwards. Harmless when called twice. Takes a second at most: a connection that is
  /// being made ends by its own limit, and nobody waits for it.
  package func shutdown() async {
    let engine = engine
    await TimeLimit.wait(seconds: 1) { await engine.stop() }
  }

  /// Fetches; throws a reason in words, and `FetchFailure.cancelled` when the task is cancelled.
  package func get(_ request: FetchRequest) async throws(FetchFailure) -> HTTPAnswer {
    let start = ContinuousClock.now
    let timeout = request.timeoutSeconds.isFinite ? min(max(request.timeoutSeconds, 0.01), 3600) : 3600
    let progress = FetchProgress()
    let outcome = await withTaskGroup(of: Result<HTTPAnswer, FetchFailure>?.self) { tasks in
      tasks.addTask { await self.follow(request, progress) }
      tasks.addTask {
        try? await Task.sleep(for: .nanoseconds(Int64(timeout * 1e9)))
        return nil
      }
      let first = await tasks.next() ?? nil
      tasks.cancelAll()
      return first
    }
    if Task.isCancelled { throw .cancelled }
    guard let outcome else { throw progress.timedOut(seconds: timeout) }
    var answer = try outcome.get()
    let elapsed = (ContinuousClock.now - start).components
    answer.latencyMilliseconds = Double(elapsed.seconds) * 1e3 + Double(elapsed.attoseconds) / 1e15
    return answer
  }

  private func follow(_ request: FetchRequest, _ progress: FetchProgress) async -> Result<HTTPAnswer, FetchFailure> {
    do throws(FetchFailure) {
      let exchange = try await open(request)
      return .success(try await read(exchange, request, progress))
    } catch {
      return .failure(error)
    }
  }

  /// Asks and follows redirects; the body is still to be read, for as long as it comes.
  func open(_ request: FetchRequest) async throws(FetchFailure) -> HTTPExchange {
    var target = request.target
    let home = request.target.origin
    for _ in 0...Self.redirectLimit {
      // Redirects are followed here, so that credentials stay with their origin.
      let credentials = target.origin == home ? request.credentials ?? request.target.embeddedCredentials : nil
      let transfer = try CurlTransfer(
        target.url.absoluteString, headers: lines(credentials, accept: request.accept), connectSeconds: Self.connectSeconds, on: engine)
      engine.start(transfer)
      let exchange = try await HTTPExchange(transfer)
      guard [301, 302, 303, 307, 308].contains(exchange.head.status), let location = exchange.head.first("location") else {
        return exchange
      }
      guard let next = target.redirected(to: location) else { throw .other("redirected to something that is no http URL") }
      // To its end, where that is near: the connection can be used again then.
      if exchange.head.first("content-length") == "0" { _ = try? await exchange.next() }
      target = next
    }
    throw .other("more than \(Self.redirectLimit) redirects")
  }

  private func lines(_ credentials: Credentials?, accept: String?) -> [String] {
    var lines = ["user-agent: \(userAgent)", "accept: \(accept ?? "*/*")"]
    if let credentials { lines.append("authorization: \(credentials.headerValue)") }
    return lines
  }

  private func read(
    _ exchange: HTTPExchange, _ request: FetchRequest, _ progress: FetchProgress
  ) async throws(FetchFailure) -> HTTPAnswer {
    let head = exchange.head
    var answer = HTTPAnswer(
      status: head.status, contentType: head.first("content-type"), contentEncoding: head.first("content-encoding"), body: [],
      isCut: false, latencyMilliseconds: 0)
    progress.headCame()
    let limit = request.bodyLimit
    let tooLong = FetchFailure.other("response over \(Self.words(bytes: limit))")
    let mayBeCut = request.overflow == .cut || !answer.isSuccess
    if !mayBeCut, answer.contentEncoding == nil, let length = head.first("content-length").flatMap(Int.init), length > limit {
      throw tooLong
    }
    var inflater = Inflater(encoding: answer.contentEncoding)
    while !answer.isCut, let chunk = try await exchange.next() {
      progress.dataCame()
      let isWhole = try inflater.read(chunk) { piece in
        let room = limit - answer.body.count
        answer.body.append(contentsOf: piece.prefix(room))
        return piece.count <= room
      }
      if isWhole { continue }
      guard mayBeCut else { throw tooLong }
      answer.isCut = true
    }
    if !answer.isCut { try inflater.end() }
    return answer
  }

  static func words(bytes: Int) -> String {
    let mebibyte = 1024 * 1024
    if bytes >= mebibyte, bytes % mebibyte == 0 { return "\(bytes / mebibyte) MiB" }
    return bytes >= 1024 && bytes % 1024 == 0 ? "\(bytes / 1024) KiB" : "\(bytes) bytes"
  }
}
