import Contracts
import WireFormats

/// Reads contracts: built-in ones by name, others from files.
package enum ContractLoader {
  /// The contract of that name or in that file.
  /// - Parameter nameOrPath: `spec-018`, `media-service`, or the path of a YAML file.
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
  /// All of them. A test reads each file and checks it, so none is left out here.
  package static let all: [Contract] = [
    ("spec-018.yaml", PackageResources.spec_018_yaml), ("media-service.yaml", PackageResources.media_service_yaml),
  ].compactMap { file, bytes in try? read(bytes, file: file) }

  /// The contract of the data model, which the embedded pipeline keeps.
  package static var spec018: Contract { all.first { $0.name == "spec-018" } ?? Contract(name: "spec-018", summary: "") }
  /// The contract of the media service as built.
  package static var mediaService: Contract { all.first { $0.name == "media-service" } ?? Contract(name: "media-service", summary: "") }

  /// The built-in files, by name, as they are shipped: examples for a contract of one's own.
  package static var files: [(name: String, yaml: String)] {
    [
      ("spec-018", String(decoding: PackageResources.spec_018_yaml, as: UTF8.self)),
      ("media-service", String(decoding: PackageResources.media_service_yaml, as: UTF8.self)),
    ]
  }

  /// Built-in files extend nothing, so that reading one never needs `all`.
  static func read(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> Contract {
    let text = try ConfigurationFile.text(of: bytes, file: file)
    return try ContractReader.read(ConfigurationFile.document(text, file: file), file: file) { _ in nil }
  }
}
