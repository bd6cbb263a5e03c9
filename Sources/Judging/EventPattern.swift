import Contracts
import Events
import SpeechProtocol

/// Which happenings are meant: a kind, and where wanted its word (a fallback's reason, an error's code, an action, a state).
package struct EventPattern: Hashable, Sendable {
  /// The kind; one of ``HappeningKind/countable``.
  package var kind: HappeningKind
  /// The word it must carry; nil for any.
  package var detail: String?

  /// A kind of happening, with its word where wanted.
  /// - Parameter kind: one of ``HappeningKind/countable``; no happening is meant by another one.
  package init(_ kind: HappeningKind, detail: String? = nil) {
    self.kind = kind
    self.detail = detail
  }

  /// Whether a happening is one of these.
  package func matches(_ happening: Happening) -> Bool {
    guard let counting = kind.counting, happening.kind.descriptor == kind else { return false }
    return detail == nil || detail == counting.word(happening)
  }

  /// "fragment-fallback (circuit_open)".
  package var sentence: String { kind.word + (detail.map { " (\($0))" } ?? "") }
}

extension EventPattern: Codable {
  private enum CodingKeys: String, CodingKey { case kind = "name", detail }

  /// Reads the kind's word, and the other one where wanted.
  /// - Throws: that no kind that can be counted has the word.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let word = try fields.decode(String.self, forKey: .kind)
    guard let kind = HappeningKind.countable(word) else {
      throw DecodingError.dataCorruptedError(forKey: .kind, in: fields, debugDescription: "there is no happening \(word)")
    }
    self.init(kind, detail: try fields.decodeIfPresent(String.self, forKey: .detail))
  }

  /// Writes the kind's word, and the other one where wanted.
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(kind.word, forKey: .kind)
    try fields.encodeIfPresent(detail, forKey: .detail)
  }
}
