import Contracts
import Events
import ProcessGuard
import RunModel
import WireFormats

/// One source of a run as somebody named it: what it reads, and how it is made.
///
/// A kind of source is a type that conforms to this, and a row in ``SourcePlans/all``: its flag, its field of the configuration file, what is
/// watched by default and what a run makes are read from there.
package protocol SourcePlan: Sendable {
  /// What users write to name one.
  static var words: SourceWords { get }
  /// Reads what a user wrote after the flag.
  /// - Parameter plan: what was named before it, and what holds for all of it.
  static func parse(_ text: String, for plan: WatchPlan) throws(Problem) -> Self
  /// Takes what a configuration file or a contract names.
  /// - Parameter plan: what was named before it, and what holds for all of it.
  static func take(_ entry: SourceEntry, for plan: WatchPlan) throws(Problem) -> Self
  /// The service that is read; a stream's own name.
  var service: ServiceName { get }
  /// The source, which reads nothing yet.
  func make(_ means: SourceMeans) -> any EventSource
}

/// What users write to name a source of one kind.
package struct SourceWords: Sendable {
  /// What the rest of an entry is.
  package enum Shape: Hashable, Sendable {
    /// Addresses that are asked again and again, perhaps with credentials. Where a URL stands alone, this service is meant; nil for none.
    case endpoints(ServiceName?)
    /// Paths of files.
    case files
    /// Commands for `/bin/sh -c`.
    case commands
    /// Media streams: addresses or files.
    case streams
  }

  /// The flag, without dashes: `health`.
  package let flag: String
  /// What `--help` says of the flag.
  package let help: String
  /// What stands after the flag: `NAME=URL`.
  package let valueName: String
  /// The field of the configuration file: `media_server`.
  package let key: String
  /// What stands there.
  package let shape: Shape
  /// The endpoints of a contract that are read by default; nil for none.
  package var endpoint: Endpoint.Kind?
}

/// A source as a configuration file or a contract names it.
package struct SourceEntry: Sendable {
  /// The service, or the stream's name.
  package var service: ServiceName
  /// An address, a path or a command.
  package var text: String
  /// What proves who asks; nil for what is named for the service.
  package var credentials: Credentials?
  /// Distance between two reads, in seconds; nil for the plan's.
  package var interval: Double?
  /// How long one read may take, in real seconds; nil for the plan's.
  package var timeout: Double?

  /// A source to read.
  package init(_ service: ServiceName, _ text: String, credentials: Credentials? = nil, interval: Double? = nil, timeout: Double? = nil) {
    self.service = service
    self.text = text
    self.credentials = credentials
    self.interval = interval
    self.timeout = timeout
  }
}

/// What a run gives its sources.
package struct SourceMeans: Sendable {
  /// The contract as far as it is known.
  var contract: Contract?
  /// Asks over HTTP.
  var fetcher: HTTPFetcher
  /// The run's time.
  var clock: any RunClock
  /// Guards children.
  var processGuard: ProcessGuard
  /// Spreads what would be asked all at once.
  var random: RandomUnit
  /// Seconds east of UTC, for log times that carry no zone.
  var hostUTCOffsetSeconds: Int
}
