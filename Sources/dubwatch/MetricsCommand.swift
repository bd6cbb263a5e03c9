import ArgumentParser
import HarnessCore
import PrometheusText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which text format a file is in; an endpoint says so itself.
enum MetricsFormat: String, CaseIterable, ExpressibleByArgument {
  case text, openmetrics

  var exposition: ExpositionFormat { self == .text ? .text : .openMetrics }
}

struct MetricsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "Scrapes an endpoint once, or reads a file, and prints its metrics.",
    discussion: "An endpoint's Content-Type decides the format; a file is OpenMetrics when its last line is `# EOF`.")

  @Argument(help: ArgumentHelp("Where to read: http(s)://…, a file, or - for standard input.", valueName: "URL|FILE|-"))
  var source: String

  @Option(help: "Read it as this format, whatever it says of itself.")
  var format: MetricsFormat?

  @Flag(help: "Print JSON as prom2json writes it.")
  var json = false

  @Option(help: ArgumentHelp("Credentials: bearer:env:VAR, basic:env:USERVAR,PASSWORDVAR, bearer:file:PATH or basic:file:PATH."))
  var credentials: String?

  @Option(help: "Seconds that the scrape may take, 0.1 to 600.")
  var timeout: Double = 10

  mutating func validate() throws {
    guard (0.1...600).contains(timeout) else { throw ValidationError("--timeout is \(timeout), but must be 0.1 to 600.") }
  }

  mutating func run() async throws {
    let (bytes, said) = try await read()
    let format = format?.exposition ?? said ?? Self.guess(bytes)
    var parser = ExpositionParser()
    let scrape: Scrape
    do { scrape = try parser.parse(bytes, format: format) } catch { throw Failure.no("\(Redaction.redact(source)): \(error)") }
    let text = json ? PrometheusJSON.encode(scrape) + "\n" : MetricsListing.text(scrape)
    guard StandardOutput.write(text) else { throw ExitCode(ExitStatus.no) }
  }

  private func read() async throws -> ([UInt8], ExpositionFormat?) {
    if source == "-" { return (try Self.readAll(0, "standard input"), nil) }
    guard source.hasPrefix("http://") || source.hasPrefix("https://") else {
      let descriptor = open(source, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Failure.unavailable("\(source): \(String(cString: strerror(errno)))") }
      defer { close(descriptor) }
      return (try Self.readAll(descriptor, source), nil)
    }
    return try await scrape()
  }

  private func scrape() async throws -> ([UInt8], ExpositionFormat?) {
    let target: TargetURL
    var found: Credentials?
    do {
      target = try TargetURL(source)
      found = try credentials.map { try CredentialSource(parsing: $0).resolve(environment: Host.environment).credentials }
    } catch {
      throw Failure.usage("\(error)")
    }
    let fetcher = HTTPFetcher(userAgent: "dubwatch/\(Version.text)")
    let request = HTTPRequest(
      target, credentials: found, timeoutSeconds: timeout, bodyLimit: HTTPFetcher.maximumBodyBytes, overflow: .fail,
      accept: "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.9,*/*;q=0.1")
    let result: Result<HTTPAnswer, FetchFailure>
    do { result = .success(try await fetcher.get(request)) } catch { result = .failure(error) }
    await fetcher.shutdown()
    switch result {
    case .failure(let failure): throw Failure.unavailable("\(target): \(failure)")
    case .success(let answer):
      guard answer.isSuccess else { throw Failure.unavailable("\(target): HTTP \(answer.status)") }
      return (answer.body, ExpositionFormat(contentType: answer.contentType))
    }
  }

  /// Reads to the end, at most a gigabyte: the parser's own limit.
  private static func readAll(_ descriptor: Int32, _ name: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure.unavailable("\(name): \(String(cString: strerror(errno)))") }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= ExpositionParser.maximumByteCount else { throw Failure.no("\(name): larger than 1 GiB, the most that is read") }
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
