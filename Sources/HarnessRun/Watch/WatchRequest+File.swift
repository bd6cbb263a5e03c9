import HarnessConfig
import HarnessCore
import WireFormats

extension WatchRequest {
  /// What a configuration file says.
  /// - Parameters:
  ///   - path: the file's path.
  ///   - commands: the names of the commands whose keys can be set.
  /// - Throws: every mistake of the file.
  package static func read(_ path: String, commands: [String]) throws(ConfigurationError) -> WatchConfiguration {
    try WatchConfigurationLoader.load(path, commands: commands, sources: SourcePlans.inOrder.map { $0.words.field })
  }

  /// Adds what a configuration file names to a plan.
  func add(_ file: WatchConfiguration, to plan: inout WatchPlan) throws(Problem) {
    for kind in SourcePlans.inOrder {
      for source in file.sources[kind.words.key] ?? [] {
        do { try plan.add(kind, try entry(source, kind.words.key, file)) } catch {
          throw Problem(error, otherwise: .document).at("\(path): \(kind.words.place)\(source.service)")
        }
      }
    }
  }

  private func entry(_ source: WatchConfiguration.Source, _ key: String, _ file: WatchConfiguration) throws(Problem) -> SourceEntry {
    SourceEntry(
      source.service, source.text, credentials: try credentials(source), interval: interval ?? file.intervals[key],
      timeout: timeout ?? file.timeouts[key])
  }

  private func credentials(_ source: WatchConfiguration.Source) throws(Problem) -> Credentials? {
    guard let credential = source.credential else { return nil }
    return try CredentialTexts.resolved(credential)
  }
}

extension SourceWords {
  /// The field of the configuration file.
  package var field: SourceField {
    switch shape {
    case .endpoints(let service): SourceField(key, .endpoints(only: service))
    case .files: SourceField(key, .files)
    case .commands: SourceField(key, .commands)
    case .streams: SourceField(key, .streams)
    }
  }

  /// What stands before a service in messages: its field, where the service does not say it.
  fileprivate var place: String {
    if case .endpoints = shape { "" } else { "\(key): " }
  }
}
