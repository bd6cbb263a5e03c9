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
  package func scrape(format: ExpositionFormat?) async throws -> Scrape {
    let (bytes, said) = try await read()
    var parser = ExpositionParser()
    do { return try parser.parse(bytes, format: format ?? said ?? Self.guess(bytes)) } catch {
      throw Problem(.badInput, "\(Redaction.redact(source)): \(error)", cause: error)
    }
  }

  /// The lines of a log file.
  package static func lines(ofFile path: String) throws -> [String] {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Problem(.file, "\(path): \(String(cString: strerror(errno)))") }
    defer { if descriptor > 0 { close(descriptor) } }
    let bytes = try readAll(descriptor, path)
    return bytes.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
  }

  private func read() async throws -> ([UInt8], ExpositionFormat?) {
    if source == "-" { return (try Self.readAll(0, "standard input"), nil) }
    let scheme = source.firstRange(of: "://").map { source[..<$0.lowerBound].lowercased() }
    guard scheme == "http" || scheme == "https" else {
      let isScheme = scheme?.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) } ?? false
      if let scheme, isScheme { throw Problem(.usage, "\(Redaction.redact(source)): metrics are read by http and https, not by \(scheme)") }
      let descriptor = open(source, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Problem(.file, "\(source): \(String(cString: strerror(errno)))") }
      defer { close(descriptor) }
      return (try Self.readAll(descriptor, source), nil)
    }
    return try await fetch()
  }

  private func fetch() async throws -> ([UInt8], ExpositionFormat?) {
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
      accept: "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.9,*/*;q=0.1")
    let answer = try await withFetcher { fetcher in
      do throws(FetchFailure) { return try await fetcher.get(request) } catch { throw error.problem.at("\(target)") }
    }
    guard answer.isSuccess else { throw Problem(.endpoint, "\(target): HTTP \(answer.status)") }
    return (answer.body, ExpositionFormat(contentType: answer.contentType))
  }

  /// Reads to the end, at most a gigabyte: the parser's own limit.
  private static func readAll(_ descriptor: Int32, _ name: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Problem(.file, "\(name): \(String(cString: strerror(errno)))") }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= ExpositionParser.maximumByteCount else {
        throw Problem(.badInput, "\(name): larger than 1 GiB, the most that is read")
      }
    }
  }

  private static func guess(_ bytes: [UInt8]) -> ExpositionFormat {
    var end = bytes.count
    while end > 0, bytes[end - 1] == 10 || bytes[end - 1] == 13 { end -= 1 }
    return bytes[..<end].suffix(5).elementsEqual("# EOF".utf8) ? .openMetrics : .text
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.read(descriptor, buffer, count)
  #else
    Darwin.read(descriptor, buffer, count)
  #endif
}
