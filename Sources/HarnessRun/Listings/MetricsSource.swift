import HarnessCore
import PrometheusText
import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Metrics that a command reads once: from an endpoint, a file, or standard input.
package struct MetricsSource {
  private let source: String
  private let credentials: String?
  private let timeout: Double

  /// - Parameters:
  ///   - source: http(s)://…, a file, or `-`.
  ///   - credentials: where they come from, as `CredentialSource` reads it.
  ///   - timeout: how long a scrape may take, in seconds.
  package init(_ source: String, credentials: String?, timeout: Double) {
    self.source = source
    self.credentials = credentials
    self.timeout = timeout
  }

  /// Reads and parses; a file is OpenMetrics when its last line is `# EOF`, an endpoint says so itself.
  /// - Parameters:
  ///   - format: the format it is read as whatever it says of itself.
  ///   - rules: what becomes of deviations.
  /// - Throws: a `Problem` that says what the page is instead, and what to do; a page without any sample is one too.
  package func scrape(format: ExpositionFormat?, rules: ExpositionRules = .scraper) async throws -> Scrape {
    let page = try await ProgressLine("waiting for the metrics").during { try await read() }
    var parser = ExpositionParser(rules: rules)
    let scrape: Scrape
    do throws(AnswerRefusal) {
      scrape = try parser.read(
        page.body, contentType: page.contentType, contentEncoding: page.contentEncoding, isFile: page.isFile, format: format)
    } catch {
      throw Problem(.badInput, "\(Redaction.redact(source)): \(error)", cause: error)
    }
    guard scrape.count > 0 else {
      throw Problem(.badInput, "\(Redaction.redact(source)): \(ForeignBody.withoutSamples(page.body))")
    }
    return scrape
  }

  private struct Page {
    var body: [UInt8]
    var contentType: String?
    var contentEncoding: String?
    var isFile = true
  }

  /// The lines of a log file.
  package static func lines(ofFile path: String) throws -> [String] {
    let bytes = try path == "-" ? readAll(0, "standard input") : readAll(path, within: pipeSeconds)
    return bytes.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
  }

  private func read() async throws -> Page {
    if source == "-" { return Page(body: try Self.readAll(0, "standard input")) }
    let scheme = source.firstRange(of: "://").map { source[..<$0.lowerBound].lowercased() }
    guard scheme == "http" || scheme == "https" else {
      let isScheme = scheme?.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) } ?? false
      if let scheme, isScheme { throw Problem(.usage, "\(Redaction.redact(source)): metrics are read by http and https, not by \(scheme)") }
      return Page(body: try Self.readAll(source, within: timeout))
    }
    return try await fetch()
  }

  private func fetch() async throws -> Page {
    let target: TargetURL
    var found: Credentials?
    do {
      target = try TargetURL(source)
      found = try credentials.map { try CredentialSource(parsing: $0).resolve(environment: Host.environment).credentials }
    } catch {
      throw Problem(error, otherwise: .usage)
    }
    let request = FetchRequest(
      target, credentials: found, timeoutSeconds: timeout, bodyLimit: HTTPFetcher.maximumBodyBytes, overflow: .fail,
      accept: ExpositionFormat.accept)
    let answer = try await withFetcher { fetcher in
      do throws(FetchFailure) { return try await fetcher.get(request) } catch { throw error.problem.at("\(target)") }
    }
    guard answer.isSuccess else { throw Problem(.endpoint, "\(target): HTTP \(answer.status)") }
    return Page(body: answer.body, contentType: answer.contentType, contentEncoding: answer.contentEncoding, isFile: false)
  }

  /// How long the writer of a pipe may be silent, in seconds, where nobody says.
  private static let pipeSeconds = 10.0

  /// - Parameter seconds: how long a pipe may bring nothing.
  private static func readAll(_ path: String, within seconds: Double) throws -> [UInt8] {
    // Not blocking: nobody may ever write into a pipe.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Problem(.file, "\(path): \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    return try readAll(descriptor, path, within: seconds)
  }

  /// Reads to the end, at most a gigabyte: the parser's own limit.
  private static func readAll(_ descriptor: Int32, _ name: String, within seconds: Double? = nil) throws -> [UInt8] {
    var bytes: [UInt8] = []
    // A large file is read into its own size at once: growing by copying needs it twice.
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_size > 0 {
      bytes.reserveCapacity(min(Int(status.st_size) + 1, ExpositionParser.maximumByteCount))
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      if let seconds {
        // A pipe without a writer is silent until there is one; a file never is.
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let answer = poll(&wanted, 1, Int32(seconds * 1000))
        if answer < 0, errno == EINTR { continue }
        if answer == 0 { throw Problem(.file, "\(name): nothing came out of this pipe for \(NumberText.rounded(seconds, 3)) s") }
      }
      let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count >= 0 else { throw Problem(.file, "\(name): \(String(cString: strerror(errno)))") }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= ExpositionParser.maximumByteCount else {
        throw Problem(.badInput, "\(name): larger than 1 GiB, the most that is read")
      }
    }
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.read(descriptor, buffer, count)
  #else
    Darwin.read(descriptor, buffer, count)
  #endif
}
