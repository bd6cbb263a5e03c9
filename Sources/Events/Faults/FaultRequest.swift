/// A fault as it is asked for: a word of ``FaultKind/words`` or of the menu, and values as written.
package struct FaultRequest: Codable, Hashable, Sendable {
  /// A fault's name, as in ``FaultDescriptor/id``.
  package var id: String
  /// Its numbers and words by name, as written; empty for the fault as the menu has it.
  package var parameters: [String: String]

  /// A fault by its name.
  package init(_ id: String, _ parameters: [String: String] = [:]) {
    self.id = id
    self.parameters = parameters
  }

  /// A fault of a kind.
  package init(_ kind: FaultKind, _ values: [FaultParameter.Name: FaultValue] = [:]) {
    self.init(kind.id, Dictionary(uniqueKeysWithValues: values.map { ($0.key.text, $0.value.text) }))
  }

  /// "sts-outage seconds=40".
  package var sentence: String {
    ([id] + parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
  }
}
