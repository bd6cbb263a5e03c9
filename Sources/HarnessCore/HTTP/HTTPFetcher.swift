import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix

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
/// One of it serves a whole run; whoever made it calls ``shutdown()``. Connections are kept and used again. All fetchers
/// share one thread: pollers spend their time waiting.
package final class HTTPFetcher: Sendable {
  /// The most that any body may hold: 16 MiB.
  package static let maximumBodyBytes = 16 * 1024 * 1024
  /// How many redirects are followed.
  package static let redirectLimit = 5

  /// Of the process rather than of one fetcher: a loop that is shut down under a late request is a trap in NIO.
  private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let client: HTTPClient
  private let userAgent: String

  /// A fetcher with no connections yet.
  package init(userAgent: String = "dubwatch") {
    self.userAgent = userAgent
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)),
      decompression: .enabled(limit: .size(Self.maximumBodyBytes + 1)))
    // Redirects are followed here, so that credentials stay with their origin; proxies of the environment are not used.
    configuration.proxy = nil
    configuration.httpVersion = .http1Only
    // Left on, a refused port takes the whole timeout to fail.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.idleTimeout = .seconds(30)
    // Each endpoint is asked by itself, one request at a time: waiting for a connection behind endpoints of the same host would be told as
    // the service's silence.
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
    client = HTTPClient(eventLoopGroupProvider: .shared(Self.group), configuration: configuration)
  }

  /// Closes every connection; nothing can be fetched afterwards. Harmless when called twice. Takes a second at most: a connection that is
  /// being made ends by its own limit, and nobody waits for it.
  package func shutdown() async {
    let client = client
    await TimeLimit.wait(seconds: 1) { try? await client.shutdown() }
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
    do {
      let response = try await open(request)
      return try await read(response, request, progress)
    } catch {
      return .failure(FetchFailure(error, target: request.target))
    }
  }

  /// Asks and follows redirects; the body is still to be read, for as long as it comes.
  func open(_ request: FetchRequest) async throws(FetchFailure) -> HTTPClientResponse {
    var target = request.target
    let home = request.target.origin
    for _ in 0...Self.redirectLimit {
      let credentials = target.origin == home ? request.credentials ?? request.target.embeddedCredentials : nil
      let response: HTTPClientResponse
      do {
        response = try await client.execute(head(for: target, credentials: credentials, accept: request.accept), deadline: .distantFuture)
      } catch {
        throw FetchFailure(error, target: target)
      }
      let status = Int(response.status.code)
      guard [301, 302, 303, 307, 308].contains(status), let location = response.headers.first(name: "location") else { return response }
      guard let next = target.redirected(to: location) else { throw .other("redirected to something that is no http URL") }
      target = next
    }
    throw .other("more than \(Self.redirectLimit) redirects")
  }

  private func head(for target: TargetURL, credentials: Credentials?, accept: String?) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: target.url.absoluteString)
    request.headers.add(name: "user-agent", value: userAgent)
    request.headers.add(name: "accept", value: accept ?? "*/*")
    if let credentials { request.headers.add(name: "authorization", value: credentials.headerValue) }
    return request
  }

  private func read(
    _ response: HTTPClientResponse, _ request: FetchRequest, _ progress: FetchProgress
  ) async throws -> Result<HTTPAnswer, FetchFailure> {
    var answer = HTTPAnswer(
      status: Int(response.status.code), contentType: response.headers.first(name: "content-type"),
      contentEncoding: response.headers.first(name: "content-encoding"), body: [], isCut: false, latencyMilliseconds: 0)
    progress.headCame()
    let limit = request.bodyLimit
    let tooLong = FetchFailure.other("response over \(Self.words(bytes: limit))")
    if request.overflow == .fail, answer.isSuccess, let length = response.headers.first(name: "content-length").flatMap(Int.init),
      length > limit, response.headers.first(name: "content-encoding") == nil
    {
      return .failure(tooLong)
    }
    for try await var chunk in response.body {
      progress.dataCame()
      let room = limit - answer.body.count
      if chunk.readableBytes <= room {
        answer.body.append(contentsOf: chunk.readableBytesView)
        continue
      }
      guard request.overflow == .cut || !answer.isSuccess else { return .failure(tooLong) }
      answer.body.append(contentsOf: chunk.readSlice(length: room)?.readableBytesView ?? ByteBuffer().readableBytesView)
      answer.isCut = true
      break
    }
    return .success(answer)
  }

  static func words(bytes: Int) -> String {
    let mebibyte = 1024 * 1024
    if bytes >= mebibyte, bytes % mebibyte == 0 { return "\(bytes / mebibyte) MiB" }
    return bytes >= 1024 && bytes % 1024 == 0 ? "\(bytes / 1024) KiB" : "\(bytes) bytes"
  }
}
