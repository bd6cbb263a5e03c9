import Events
import SpeechProtocol

/// A line's pattern and the happening it stands for.
///
/// Patterns are literal text and typed fields, `Fragment sent: id={id:word}, seq={seq:int}`, matched in linear time.
/// For JSON lines `text` is looked for in the message field without regard to case, and `fields` names keys.
package struct LogTemplate: Codable, Hashable, Sendable {
  /// What it becomes; one of `LogTemplate.happenings`.
  package var happening: String
  /// The pattern.
  package var pattern: String
  /// Which logger must have written it, a trailing `*` standing for any rest; nil for any.
  package var logger: String?
  /// Fixed values for fields of the happening that the line does not carry.
  package var constants: [String: String]
  /// Which captured field (or JSON key) fills which field of the happening, where the names differ:
  /// the happening's field to the name in the line.
  package var fields: [String: String]
  /// For a finding: the happening that takes it back; nil for a finding that stays.
  package var until: String?

  /// A line's pattern.
  package init(
    happening: String, pattern: String, logger: String? = nil, constants: [String: String] = [:], fields: [String: String] = [:],
    until: String? = nil
  ) {
    self.happening = happening
    self.pattern = pattern
    self.logger = logger
    self.constants = constants
    self.fields = fields
    self.until = until
  }

  /// Every word that `happening` may be.
  package static let happenings: [String] = HappeningKind.ofLogs.map(\.word)
}
