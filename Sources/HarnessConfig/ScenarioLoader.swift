import Judging
import WireFormats

/// Reads scenarios: built-in ones by name, others from files.
package enum ScenarioLoader {
  /// The scenario of that name or in that file.
  /// - Parameter nameOrPath: a name of ``BuiltInScenarios``, or the path of a YAML file.
  /// - Throws: every mistake of the file with its line, its field and the nearest valid word.
  package static func load(_ nameOrPath: String) throws(ConfigurationError) -> Scenario {
    if let scenario = BuiltInScenarios.all.first(where: { $0.name == nameOrPath }) { return scenario }
    let names = BuiltInScenarios.all.map(\.name)
    let looksLikePath = nameOrPath.contains("/") || nameOrPath.hasSuffix(".yaml") || nameOrPath.hasSuffix(".yml")
    do {
      return try parse(yaml: ConfigurationFile.text(of: nameOrPath), file: nameOrPath)
    } catch  where !looksLikePath && error.problems.first?.line == nil && error.problems.first?.field.isEmpty == true {
      throw ConfigurationError(
        .unknownName, file: nameOrPath,
        "is neither a built-in scenario nor a file that can be read" + NearestWord.hint(nameOrPath, among: names))
    }
  }

  /// The scenario that a YAML text describes.
  /// - Parameters:
  ///   - yaml: the text.
  ///   - file: the name of its file, for messages.
  package static func parse(yaml: String, file: String) throws(ConfigurationError) -> Scenario {
    try ScenarioReader.read(ConfigurationFile.document(yaml, file: file), file: file)
  }
}

/// The scenarios that dubwatch brings along; `fixtures/scenarios/` shows the same files.
package enum BuiltInScenarios {
  /// All of them. A test reads each file and checks it, so none is left out here.
  package static let all: [Scenario] = files.compactMap { try? ScenarioLoader.parse(yaml: $0.yaml, file: $0.name + ".yaml") }

  /// The files as they are shipped, by name: examples for a scenario of one's own.
  package static var files: [(name: String, yaml: String)] {
    let all: [(String, [UInt8])] = [
      ("full-pipeline", PackageResources.full_pipeline_yaml), ("av-sync", PackageResources.av_sync_yaml),
      ("circuit-breaker", PackageResources.circuit_breaker_yaml), ("non-retryable-error", PackageResources.non_retryable_error_yaml),
      ("backpressure", PackageResources.backpressure_yaml), ("in-flight-limit", PackageResources.in_flight_limit_yaml),
      ("fragment-timeout", PackageResources.fragment_timeout_yaml), ("reconnection", PackageResources.reconnection_yaml),
      ("reconnection-gives-up", PackageResources.reconnection_gives_up_yaml),
    ]
    return all.map { ($0.0, String(decoding: $0.1, as: UTF8.self)) }
  }
}
