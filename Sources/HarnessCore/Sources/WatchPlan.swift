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
  /// Whether streams are searched for flashes and beeps.
  package var probesContent: Bool

  /// A plan that reads nothing yet.
  package init(
    interval: Double = 1, timeout: Double = 2, credentials: [ServiceName: Credentials] = [:], probesContent: Bool = true
  ) {
    endpoints = EnvironmentEndpoints()
    self.interval = interval
    self.timeout = timeout
    self.credentials = credentials
    self.probesContent = probesContent
  }

  /// Adds a source as a user writes it after its flag.
  package mutating func add(_ kind: any SourcePlan.Type, _ text: String) throws(Problem) {
    endpoints.plans.append(try kind.parse(text, for: self))
  }

  /// Adds a source that a file names.
  package mutating func add(_ kind: any SourcePlan.Type, _ entry: SourceEntry) throws(Problem) {
    endpoints.plans.append(try kind.take(entry, for: self))
  }

  /// Adds the endpoints that a contract names; for a watch to which nothing was given.
  package mutating func addDefaults(of contract: Contract) throws(Problem) {
    for endpoint in contract.endpoints {
      for kind in SourcePlans.all where kind.words.endpoint == endpoint.kind {
        guard !endpoints.plans.contains(where: { type(of: $0) == kind && $0.service == endpoint.service }) else { continue }
        try add(kind, SourceEntry(endpoint.service, endpoint.url))
      }
    }
  }

  /// What proves to a service who asks; nil for nothing.
  func credentials(of service: ServiceName) -> Credentials? { credentials[service] ?? credentials["*"] }

  /// Refuses a second source of a name.
  /// - Parameter what: what it would be two of: `log`.
  static func check(_ service: ServiceName, _ what: String, isNewAmong others: [ServiceName]) throws(Problem) {
    guard others.contains(service) else { return }
    throw Problem(.usage, "\(service) has two \(what)s of the same kind: give each a name of its own, NAME=…")
  }

  /// `NAME=REST`; a name holds letters, digits, `-`, `_` and `.`, so that the `=` of a URL's query does not end one.
  static func split(_ text: String) -> (name: String?, rest: String) {
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
