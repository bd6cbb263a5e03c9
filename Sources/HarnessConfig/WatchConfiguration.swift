import Contracts
import Events

/// What `dubwatch watch --config FILE` watches, and how.
package struct WatchConfiguration: Hashable, Sendable {
  /// A source to read.
  package struct Source: Hashable, Sendable {
    /// The service it belongs to; a stream's own name.
    package var service: ServiceName
    /// A URL without user or password, the path of a file, or a command whose output is read.
    package var text: String
    /// What an endpoint wants to see; nil for an open one.
    package var credential: Credential?

    /// A source to read.
    package init(service: ServiceName, text: String, credential: Credential? = nil) {
      self.service = service
      self.text = text
      self.credential = credential
    }
  }

  /// What an endpoint wants to see. The secret itself is never here: only where it is to be found.
  package enum Credential: Hashable, Sendable {
    /// A bearer token.
    case bearer(Secret)
    /// A user and a password.
    case basic(user: String, password: Secret)
  }

  /// Where a secret is to be found.
  package enum Secret: Hashable, Sendable {
    /// In the environment variable of this name.
    case environment(String)
    /// In the file of this path, its last line end left out.
    case file(String)
  }

  /// Where one of the three services of the data model is found in a compose project.
  package struct ComposePlace: Hashable, Sendable {
    /// The service's name in the compose file.
    package var service: String
    /// The port in its container where it answers over HTTP, 1 to 65535; nil for the usual ones.
    package var port: Int?
    /// The path of its health check; nil for the usual one.
    package var health: String?
    /// The path of its metrics; nil for the usual one.
    package var metrics: String?

    /// Where a service is found.
    package init(service: String, port: Int? = nil, health: String? = nil, metrics: String? = nil) {
      self.service = service
      self.port = port
      self.health = health
      self.metrics = metrics
    }
  }

  /// The colours of the screen, by the names that the file uses.
  package enum ThemeName: String, Hashable, Sendable, CaseIterable {
    case dark, light, none
    case highContrast = "high-contrast"
    case colorBlind = "colour-blind"
  }

  /// How the screen begins to share itself out, by the names that the file uses.
  package enum PresetName: String, Hashable, Sendable, CaseIterable { case overview, triage, sync, logs }

  /// How long recordings are kept; nil where the default stays.
  package struct Keeping: Hashable, Sendable {
    /// The greatest age, 0 to 36,500 days.
    package var days: Double?
    /// The greatest number, 0 to 1,000,000.
    package var count: Int?
    /// The greatest size of all together, 0 to 1,073,741,824 MiB.
    package var mib: Int?

    /// Nothing said.
    package init(days: Double? = nil, count: Int? = nil, mib: Int? = nil) {
      self.days = days
      self.count = count
      self.mib = mib
    }
  }

  /// `auto`, a name, or the path of a contract's file; nil when not said.
  package var contract: String?
  /// The zone of log times without one, over the contract's; nil when not said.
  package var logTimeZone: String?
  /// What is read, by the field that names it, in the order of the names. Paths are relative to the folder of the configuration file and
  /// are given here from the current one.
  package var sources: [String: [Source]] = [:]
  /// Who plays which part in a compose project; a service that is not named here has its own name there.
  package var services: [ServiceName: ComposePlace] = [:]
  /// How often endpoints are polled, 0.1 to 3600 s, by their field; nil for the default.
  package var intervals: [String: Double] = [:]
  /// How long an answer may take, 0.1 to 600 s, by their field; nil for the default.
  package var timeouts: [String: Double] = [:]
  /// The colours of the screen; nil when not said.
  package var theme: ThemeName?
  /// How the screen begins; nil for what was chosen last.
  package var preset: PresetName?
  /// How long recordings are kept.
  package var retention = Keeping()
  /// The texts of keys by the names of commands; empty for the usual ones. Commands and keys are those of who reads them: of the names only
  /// those are here that the loader was given, the texts are as they stand in the file.
  package var keys: [String: [String]] = [:]

  /// A configuration that says nothing.
  package init() {}
}
