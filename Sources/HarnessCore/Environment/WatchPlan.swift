import Contracts
import Events
import WireFormats

/// What a watch reads: any number of each kind of source, as the user named them.
package struct WatchPlan: Sendable {
  /// What is read.
  package var endpoints: EnvironmentEndpoints
  /// Distance between two reads of one source, in seconds.
  package var interval: Double
  /// How long one read may take, in real seconds.
  package var timeout: Double
  /// Credentials by service; the name `*` means every service.
  package var credentials: [ServiceName: Credentials]

  /// A plan that reads nothing yet.
  package init(interval: Double = 1, timeout: Double = 2, credentials: [ServiceName: Credentials] = [:]) {
    endpoints = EnvironmentEndpoints()
    self.interval = interval
    self.timeout = timeout
    self.credentials = credentials
  }

  /// Adds a health check, `NAME=URL`; a URL alone is named after its host and port.
  package mutating func addHealth(_ text: String) throws(Problem) {
    let (name, url) = Self.split(text)
    let target = try target(name, url, or: nil, among: endpoints.health)
    endpoints.health.append(target)
  }

  /// Adds a metrics endpoint, `URL` or `NAME=URL`; without a name it is the worker's.
  package mutating func addMetrics(_ text: String, worker: ServiceName = .mediaService) throws(Problem) {
    let (name, url) = Self.split(text)
    let target = try target(name, url, or: endpoints.metrics.isEmpty ? worker : nil, among: endpoints.metrics)
    endpoints.metrics.append(target)
  }

  /// Adds a media server's API, `URL` or `NAME=URL`.
  package mutating func addMediaServer(_ text: String) throws(Problem) {
    let (name, url) = Self.split(text)
    let target = try target(name, url, or: endpoints.mediaServers.isEmpty ? .mediaServer : nil, among: endpoints.mediaServers)
    endpoints.mediaServers.append(target)
  }

  /// Adds a log file, `NAME=FILE`; a file alone is named after itself.
  package mutating func addLogFile(_ text: String, start: LogStart = .last(bytes: 256 * 1024)) throws(Problem) {
    let (name, path) = Self.split(text)
    guard !path.isEmpty else { throw Problem(.usage, "a log is written NAME=FILE, such as media-service=worker.log") }
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let base = file.hasSuffix(".log") && file.count > 4 ? String(file.dropLast(4)) : file
    let service = ServiceName(name ?? base)
    try checkNew(service, "log", among: logServices)
    endpoints.logFiles.append(LogFileTarget(service: service, path: path, start: start))
  }

  /// Adds a command that prints a log, `NAME=COMMAND`.
  package mutating func addLogCommand(_ text: String) throws(Problem) {
    let (name, command) = Self.split(text)
    guard let name, !command.allSatisfy(\.isWhitespace) else {
      throw Problem(.usage, "a log command is written NAME='COMMAND', such as media-service='docker logs -f media-service'")
    }
    try checkNew(ServiceName(name), "log", among: logServices)
    endpoints.logCommands.append(LogCommandTarget(service: ServiceName(name), command: command))
  }

  /// Adds a media stream, `URL` or `NAME=URL`; without a name it is called by its path, such as `live/test/out`.
  package mutating func addStream(_ text: String, probesContent: Bool = true) throws(Problem) {
    var (name, url) = Self.split(text)
    // A stream's name may be a path, which no other source's is.
    if name == nil, let equals = text.firstIndex(of: "="), !text[..<equals].contains(":"), text[equals...].contains("://") {
      (name, url) = (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
    try addStream(named: name.map { ServiceName($0) }, url, probesContent: probesContent)
  }

  /// Adds a media stream under a name; nil for that of its path.
  package mutating func addStream(named name: ServiceName?, _ url: String, probesContent: Bool = true) throws(Problem) {
    let address = try StreamAddress(url)
    guard address.transport != .standardInput else {
      throw Problem(.usage, "a watch reads no stream from standard input: use probe -")
    }
    let service = name ?? ServiceName(address.defaultName)
    try checkNew(service, "stream", among: endpoints.streams.map(\.name))
    endpoints.streams.append(StreamTarget(name: service, address: address, probesContent: probesContent, intervalSeconds: interval))
  }

  /// Adds the endpoints that a contract names; for a watch to which nothing was given.
  package mutating func addDefaults(of contract: Contract) throws(Problem) {
    for endpoint in contract.endpoints {
      let new = try target(endpoint.service.text, endpoint.url, or: nil, among: [])
      switch endpoint.kind {
      case .health where !endpoints.health.contains { $0.service == new.service }: endpoints.health.append(new)
      case .metrics where !endpoints.metrics.contains { $0.service == new.service }: endpoints.metrics.append(new)
      case .mediaServer where !endpoints.mediaServers.contains { $0.service == new.service }: endpoints.mediaServers.append(new)
      case .health, .metrics, .mediaServer: break
      }
    }
  }

  private var logServices: [ServiceName] { endpoints.logFiles.map(\.service) + endpoints.logCommands.map(\.service) }

  private func target(_ name: String?, _ url: String, or fallback: ServiceName?, among others: [PollTarget]) throws(Problem) -> PollTarget {
    let target = try TargetURL(url)
    let service = name.map { ServiceName($0) } ?? fallback ?? ServiceName("\(target.origin.host):\(target.origin.port)")
    try checkNew(service, "endpoint", among: others.map(\.service))
    return PollTarget(
      service: service, target: target, credentials: credentials[service] ?? credentials["*"], interval: interval, timeout: timeout)
  }

  private func checkNew(_ service: ServiceName, _ what: String, among others: [ServiceName]) throws(Problem) {
    guard others.contains(service) else { return }
    throw Problem(.usage, "\(service) has two \(what)s of the same kind: give each a name of its own, NAME=…")
  }

  /// `NAME=REST`; a name holds letters, digits, `-`, `_` and `.`, so that the `=` of a URL's query does not end one.
  private static func split(_ text: String) -> (name: String?, rest: String) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return (nil, text) }
    let name = text[..<equals]
    let isName = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    return isName ? (String(name), String(text[text.index(after: equals)...])) : (nil, text)
  }
}
