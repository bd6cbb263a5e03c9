import WireFormats

/// Takes secrets out of all that is recorded as JSON: the one place through which texts go.
struct TextMask: Sendable {
  private let mask: @Sendable (String) -> String

  init(_ mask: @escaping @Sendable (String) -> String) { self.mask = mask }

  func masked(_ text: String) -> String { mask(text) }

  /// A document with each of its strings masked, at any depth.
  /// - Parameter kept: members of the outermost object that stay as they are.
  func masked(_ json: JSONValue, but kept: Set<String> = []) -> JSONValue {
    switch json {
    case .null, .bool, .integer, .unsigned, .number, .binary: json
    case .string(let text): .string(mask(text))
    case .array(let elements): .array(elements.map { masked($0) })
    case .object(let members):
      .object(maskedMembers(members, but: kept))
    }
  }

  private func maskedMembers(_ members: [String: JSONValue], but kept: Set<String>) -> [String: JSONValue] {
    var result = members.mapValues { masked($0) }
    for name in kept { result[name] = members[name] }
    return result
  }
}

extension RecordingTopic {
  /// What the user wrote to be judged by, and what decisions name of it: masked it would be another rule.
  var unmasked: Set<String> {
    switch self {
    case .description: ["contract", "expectations"]
    case .verdicts: ["expectation"]
    default: []
    }
  }
}
