import Contracts
import WireFormats

/// Reads contracts: built-in ones by name, others from files.
package enum ContractLoader {
  /// The contract of that name or in that file.
  /// - Parameter nameOrPath: a name of ``BuiltInContracts``, or the path of a YAML file.
  /// - Throws: every mistake of the file with its line, its field and the nearest valid word.
  package static func load(_ nameOrPath: String) throws(ConfigurationError) -> Contract {
    if let contract = BuiltInContracts.all.first(where: { $0.name == nameOrPath }) { return contract }
    let names = BuiltInContracts.all.map(\.name)
    let looksLikePath = nameOrPath.contains("/") || nameOrPath.hasSuffix(".yaml") || nameOrPath.hasSuffix(".yml")
    do {
      return try parse(yaml: ConfigurationFile.text(of: nameOrPath), file: nameOrPath)
    } catch  where !looksLikePath && error.problems.first?.line == nil && error.problems.first?.field.isEmpty == true {
      throw ConfigurationError(
        .unknownName, file: nameOrPath,
        "is neither a built-in contract nor a file that can be read" + NearestWord.hint(nameOrPath, among: names))
    }
  }

  /// The contract that a YAML text describes.
  /// - Parameters:
  ///   - yaml: the text.
  ///   - file: the name of its file, for messages.
  package static func parse(yaml: String, file: String) throws(ConfigurationError) -> Contract {
    try ContractReader.read(ConfigurationFile.document(yaml, file: file), file: file) { name in
      BuiltInContracts.all.first { $0.name == name }
    }
  }
}

/// The contracts that dubwatch brings along.
package enum BuiltInContracts {
  /// The files as they are shipped, by name: examples for a contract of one's own.
  package static let files: [(name: String, yaml: String)] = [
    ("spec-018", PackageResources.spec_018_yaml), ("media-service", PackageResources.media_service_yaml),
    ("media-service-30s", PackageResources.media_service_30s_yaml), ("media-service-vad", PackageResources.media_service_vad_yaml),
    ("sts-service", PackageResources.sts_service_yaml),
  ].map { ($0.0, String(decoding: $0.1, as: UTF8.self)) }

  /// A contract with a word on each of its fields, to begin one's own with.
  package static let template = String(decoding: PackageResources.contract_template_yaml, as: UTF8.self)

  /// All of them. A test reads each file and checks it, so none is left out here.
  package static let all: [Contract] = files.compactMap { try? read($0.yaml, file: $0.name + ".yaml") }

  /// Their names, as help texts list them.
  package static var names: String { files.map(\.name).joined(separator: ", ") }

  /// The contract of the data model, which the embedded pipeline keeps.
  package static var spec018: Contract { all.first { $0.name == "spec-018" } ?? Contract(name: "spec-018", summary: "") }

  /// What a built-in file extends extends nothing itself, so that reading one never needs `all`.
  private static func read(_ yaml: String, file: String) throws(ConfigurationError) -> Contract {
    try ContractReader.read(ConfigurationFile.document(yaml, file: file), file: file) { name in
      guard let base = files.first(where: { $0.name == name }), let document = try? ConfigurationFile.document(base.yaml, file: name) else {
        return nil
      }
      return try? ContractReader.read(document, file: name) { _ in nil }
    }
  }
}
