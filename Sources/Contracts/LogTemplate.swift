import Events
import SpeechProtocol

/// A line's pattern and the happening it stands for.
///
/// Patterns are literal text and typed fields, `Fragment sent: id={id:word}, seq={seq:int}`, matched in linear time.
/// For JSON lines `text` is looked for in the message field without regard to case, and `fields` names keys.
package struct LogTemplate: Codable, Hashable, Sendable {
  /// Whether a service that does what a line tells always writes it.
  package enum Telling: String, Codable, Hashable, Sendable, CaseIterable {
    /// Whenever its log is written at the line's level, which is `info` where the template names none.
    case always
    /// Only where the log is written at a level that most are not: the template names it.
    case atLevel = "at_level"
    /// At times, or only by some set-ups: that the line is not there says nothing.
    case sometimes
  }

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
  /// Which fields of a line must have which values, by their name in the line, as the file's `where` says; empty for any.
  package var selection: [String: String]
  /// For a finding: the happening that takes it back; nil for a finding that stays.
  package var until: String?
  /// The level at which the line is written; nil where it is not said, which counts as `info`.
  package var level: LogLevel?
  /// Whether what the line tells never occurs without it.
  package var told: Telling

  /// A line's pattern.
  package init(
    happening: String, pattern: String, logger: String? = nil, constants: [String: String] = [:], fields: [String: String] = [:],
    selection: [String: String] = [:], until: String? = nil, level: LogLevel? = nil, told: Telling = .always
  ) {
    self.happening = happening
    self.pattern = pattern
    self.logger = logger
    self.constants = constants
    self.fields = fields
    self.selection = selection
    self.until = until
    self.level = level
    self.told = told
  }

  /// Every word that `happening` may be.
  package static let happenings: [String] = HappeningKind.ofLogs.map(\.word)
}
