import Contracts
import Events
import WireFormats

/// What an answer says about health.
///
/// A body's status is looked for under the usual keys, in a wrapper of them, in the parts that it reports on, and in a short text. Of
/// several words the worst counts, and a part is named.
struct HealthJudgement {
  /// How much of a body is kept, in bytes.
  static let excerptLimit = 400

  private let words: HealthWords
  private let service: ServiceName?

  /// - Parameter service: who is asked, where a contract has words of its own for it.
  init(words: HealthWords = .standard, service: ServiceName? = nil) {
    self.words = words
    self.service = service
  }

  func judge(_ answer: HTTPAnswer) -> HealthOutcome {
    let status = answer.status
    let excerpt = Self.excerpt(of: answer.body)
    guard answer.isSuccess else { return .unhealthy(status: status, excerpt: excerpt) }
    guard let first = answer.body.first(where: { $0 > 0x20 }) else { return .healthy(status: status, word: nil, excerpt: excerpt) }
    if Self.isPage(answer, excerpt) { return .unhealthy(status: status, excerpt: Self.cut("a web page, no health answer: \(excerpt)")) }
    if let json = JSONValue(parsing: answer.body) { return judge(json, status, excerpt) }
    // It was to be JSON and cannot be read: what it says is not known.
    let isList = first == UInt8(ascii: "[") && !excerpt.contains("[+]") && !excerpt.contains("[-]")
    if first == UInt8(ascii: "{") || isList { return .unclear(status: status, word: nil, excerpt: excerpt) }
    return judge(text: String(decoding: answer.body.prefix(4096), as: UTF8.self), status, excerpt)
  }

  // MARK: JSON

  private func judge(_ json: JSONValue, _ status: Int, _ excerpt: String) -> HealthOutcome {
    var reading = HealthReading { meaning(of: $0) }
    reading.read(json)
    guard let own = reading.own else {
      guard let part = reading.part else { return .healthy(status: status, word: nil, excerpt: excerpt) }
      return part.meaning == .bad
        ? .unhealthy(status: status, excerpt: Self.cut("\(part.sentence): \(excerpt)"))
        : .unclear(status: status, word: part.sentence, excerpt: excerpt)
    }
    if let part = reading.part, part.meaning > own.meaning {
      let words = (own.word.isEmpty ? "" : "\(own.word), but ") + part.sentence
      return part.meaning == .bad
        ? .unhealthy(status: status, excerpt: Self.cut("\(words): \(excerpt)"))
        : .unclear(status: status, word: words, excerpt: excerpt)
    }
    let word = own.word.isEmpty ? nil : own.word
    switch own.meaning {
    case .good: return .healthy(status: status, word: word, excerpt: excerpt)
    case .unknown: return .unclear(status: status, word: word, excerpt: excerpt)
    case .bad: return .unhealthy(status: status, excerpt: excerpt)
    }
  }

  private func meaning(of word: String) -> HealthWords.Meaning { words.meaning(of: word, by: service) }

  // MARK: Text

  /// A text means what it is as a whole, else what its first word is: "UNHEALTHY: sts connection lost".
  private func judge(text: String, _ status: Int, _ excerpt: String) -> HealthOutcome {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " || $0 == "\t" } }.filter { !$0.isEmpty }
    // Kubernetes' long form: a line a check, [+] or [-].
    if lines.contains(where: { $0.hasPrefix("[-]") }) { return .unhealthy(status: status, excerpt: excerpt) }
    let said = lines.filter { !$0.hasPrefix("[+]") }
    guard let first = said.first else { return .healthy(status: status, word: nil, excerpt: excerpt) }
    func isLetter(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" || character == "-" }
    let tokens = said.flatMap { $0.split { !isLetter($0) } }.map(String.init)
    let whole = said.joined(separator: " ").prefix(80).trimmed
    if meaning(of: whole) == .good { return .healthy(status: status, word: String(whole.prefix(40)), excerpt: excerpt) }
    let doubt = HealthOutcome.unclear(status: status, word: String(first.prefix(40)).trimmed, excerpt: excerpt)
    // "healthz check passed", the last line of Kubernetes' long form.
    if said.count < lines.count, said.count == 1, tokens.suffix(2) == ["check", "passed"] {
      return .healthy(status: status, word: tokens.joined(separator: " "), excerpt: excerpt)
    }
    guard let word = tokens.first else { return doubt }
    let isNegated = word.lowercased() == "not"
    switch isNegated ? .bad : meaning(of: word) {
    case .bad: return .unhealthy(status: status, excerpt: excerpt)
    case .unknown: return doubt
    case .good:
      // "ok, but sts is down" is neither.
      let isMixed = tokens.dropFirst().contains { $0.lowercased() == "not" || meaning(of: $0) == .bad }
      return isMixed ? doubt : .healthy(status: status, word: word, excerpt: excerpt)
    }
  }

  /// Whether it is a page for people: a login, a proxy's, a front end.
  private static func isPage(_ answer: HTTPAnswer, _ excerpt: String) -> Bool {
    if answer.contentType?.lowercased().contains("html") == true { return true }
    let start = excerpt.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.prefix(20).lowercased()
    return ["<!doctype html", "<html", "<head", "<body"].contains { start.hasPrefix($0) }
  }

  // MARK: What else a body says

  /// What a JSON object says in `uptime_seconds`; nil for anything but a number of seconds that can be meant.
  static func uptimeSeconds(in body: [UInt8]) -> Double? {
    guard let first = body.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{"), let json = JSONValue(parsing: body),
      let seconds = json["uptime_seconds"]?.doubleValue, seconds.isFinite, seconds >= 0, seconds < 1e10
    else { return nil }
    return seconds
  }

  /// The beginning of a body as text; bad UTF-8 becomes U+FFFD, control characters stay for the screen to escape.
  static func excerpt(of body: [UInt8]) -> String {
    var end = min(body.count, excerptLimit)
    // Not in the middle of a character.
    if end < body.count { while end > 0, end > excerptLimit - 4, body[end] & 0xC0 == 0x80 { end -= 1 } }
    return String(decoding: body[..<end], as: UTF8.self)
  }

  private static func cut(_ text: String) -> String { excerpt(of: Array(text.utf8)) }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    var rest = self[...]
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest.drop { $0.isWhitespace })
  }
}
