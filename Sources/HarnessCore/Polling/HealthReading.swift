import Contracts
import WireFormats

/// The statuses that a JSON health answer carries: its own, and those of the parts it reports on.
struct HealthReading {
  /// A status and what it means.
  struct Found {
    /// The part's name; nil for the answer itself.
    var part: String?
    /// As the service wrote it; empty for what is no word.
    var word: String
    var meaning: HealthWords.Meaning

    /// "sts is down".
    var sentence: String { (part ?? "it") + " is " + (word.isEmpty ? "in no state that can be read" : word) }
  }

  /// The worst that the answer says of itself; nil where it has no status.
  private(set) var own: Found?
  /// The worst that it says of a part; nil where it has none, or all are well.
  private(set) var part: Found?
  private let meaning: (String) -> HealthWords.Meaning
  private var seen = 0

  /// How deep parts may lie in each other, and how many values are looked at: answers are small.
  private static let depth = 8
  private static let limit = 20_000
  private static let keys: Set<String> = ["status", "state", "health", "healthy", "ok", "success"]
  /// What of a status that is an object is the word.
  private static let insideKeys = ["status", "code", "state", "value", "name", "text", "indicator"]
  private static let wrappers: Set<String> = ["data", "result", "response", "payload", "body"]
  /// Where an answer lists its parts: each member is one, be it a word, a truth or an object.
  private static let lists: Set<String> = [
    "checks", "components", "services", "dependencies", "entries", "results", "parts", "indicators", "subsystems", "modules",
  ]

  init(meaning: @escaping (String) -> HealthWords.Meaning) { self.meaning = meaning }

  mutating func read(_ json: JSONValue) {
    switch json {
    case .object(let members): readOwn(members, depth: 0)
    case .array(let elements): readParts(elements, "", isListed: true, depth: 0)
    case .null: break
    default: own = worse(own, status(json, key: "status", part: nil))
    }
  }

  // MARK: The answer itself

  private mutating func readOwn(_ members: [String: JSONValue], depth: Int) {
    for (name, value) in Self.ordered(members) {
      let key = name.lowercased()
      if Self.keys.contains(key) {
        // A list under such a key, and an object of parts, are parts.
        if case .array(let elements) = value {
          readParts(elements, "", isListed: true, depth: depth + 1)
        } else {
          readStatus(value, key, depth: depth)
        }
      } else if Self.wrappers.contains(key), case .object(let inner) = value, depth < 3 {
        readOwn(inner, depth: depth + 1)
      } else {
        readNested(value, key, name, depth: depth + 1)
      }
    }
  }

  /// A status is a word, or an object that holds one beside what else it reports.
  private mutating func readStatus(_ value: JSONValue, _ key: String, depth: Int) {
    guard case .object(let inner) = value else { return own = worse(own, status(value, key: key, part: nil)) }
    if Self.word(in: inner) != nil || key == "status" { own = worse(own, status(value, key: key, part: nil)) }
    readListed(inner.filter { !Self.insideKeys.contains($0.key.lowercased()) }, takesWords: true, depth: depth + 1)
  }

  // MARK: Parts

  /// A member that is no status: a list of parts, a part, or something else.
  private mutating func readNested(_ value: JSONValue, _ key: String, _ name: String, depth: Int) {
    guard depth < Self.depth, spend() else { return }
    switch value {
    case .array(let elements): readParts(elements, name, isListed: Self.lists.contains(key), depth: depth)
    // Details hold figures, too: a word or a truth among them may be about anything.
    case .object(let members) where Self.lists.contains(key): readListed(members, takesWords: true, depth: depth)
    case .object(let members) where key == "details": readListed(members, takesWords: false, depth: depth)
    case .object(let members): readPart(members, name, isListed: false, depth: depth)
    default: break
    }
  }

  private mutating func readParts(_ elements: [JSONValue], _ name: String, isListed: Bool, depth: Int) {
    for (index, element) in elements.enumerated() where spend() {
      guard case .object(let members) = element else { continue }
      let given = members.first { ["name", "id", "component", "componentname"].contains($0.key.lowercased()) }?.value.stringValue
      readPart(members, given ?? (name.isEmpty ? "part \(index + 1)" : name), isListed: isListed, depth: depth)
    }
  }

  /// Members that are a part each.
  private mutating func readListed(_ members: [String: JSONValue], takesWords: Bool, depth: Int) {
    for (name, value) in members.sorted(by: { $0.key < $1.key }) where spend() {
      switch value {
      case .object(let members): readPart(members, name, isListed: true, depth: depth)
      case .array(let elements): readParts(elements, name, isListed: true, depth: depth)
      // A word that is none of ours may be a version or an address.
      case .string(let word) where takesWords && meaning(word) == .bad: note(name, word, .bad)
      case .bool(false) where takesWords: note(name, "false", .bad)
      default: break
      }
    }
  }

  /// An object that may carry a status of its own.
  /// - Parameter isListed: whether the answer lists it as a part; else a strange word there may be about something else.
  private mutating func readPart(_ members: [String: JSONValue], _ name: String, isListed: Bool, depth: Int) {
    guard depth < Self.depth else { return }
    for (member, value) in Self.ordered(members) {
      let key = member.lowercased()
      guard Self.keys.contains(key) else {
        readNested(value, key, member, depth: depth + 1)
        continue
      }
      // Breakers, sessions and jobs have states, too.
      let found = status(value, key: key, part: name)
      let isHealth = ["status", "health", "healthy"].contains(key)
      if found.meaning == .bad ? isListed || isHealth : isListed && isHealth { part = worse(part, found) }
    }
  }

  private mutating func note(_ name: String, _ word: String, _ meaning: HealthWords.Meaning) {
    part = worse(part, Found(part: Self.short(name), word: Self.short(word), meaning: meaning))
  }

  // MARK: Words

  private func status(_ value: JSONValue, key: String, part: String?) -> Found {
    func found(_ word: String, _ meaning: HealthWords.Meaning) -> Found {
      Found(part: part.map(Self.short), word: Self.short(word), meaning: meaning)
    }
    switch value {
    case .string(let word): return found(word, meaning(word))
    case .bool(let isGood): return found(isGood ? "true" : "false", meaning(isGood ? "true" : "false"))
    case .null: return found("null", .unknown)
    case .object(let inner):
      // No deeper than one: what lies further in is no word of this status.
      guard let word = Self.word(in: inner), word.objectValue == nil else { return found("", .unknown) }
      return status(word, key: key, part: part)
    default:
      guard let number = value.doubleValue else { return found("", .unknown) }
      let word = value.intValue.map { "\($0)" } ?? "\(number)"
      if meaning(word) == .good { return found(word, .good) }
      // Whether 1 is good and 0 is bad is clear only under a key that asks yes or no.
      if ["ok", "healthy", "success"].contains(key) { return found(word, number == 1 ? .good : number == 0 ? .bad : .unknown) }
      // A status code within the body.
      if (100..<600).contains(number) { return found(word, (200..<300).contains(number) ? .good : .bad) }
      return found(word, .unknown)
    }
  }

  /// What of a status that is an object is its word.
  private static func word(in members: [String: JSONValue]) -> JSONValue? {
    for key in insideKeys {
      if let member = members.first(where: { $0.key.lowercased() == key }) { return member.value }
    }
    return nil
  }

  private func worse(_ old: Found?, _ new: Found) -> Found? {
    guard let old else { return new.part != nil && new.meaning == .good ? nil : new }
    return new.meaning > old.meaning ? new : old
  }

  /// Statuses first: of words that are equally bad the outermost is told.
  private static func ordered(_ members: [String: JSONValue]) -> [(key: String, value: JSONValue)] {
    members.sorted { left, right in
      let (isLeft, isRight) = (keys.contains(left.key.lowercased()), keys.contains(right.key.lowercased()))
      return isLeft == isRight ? left.key < right.key : isLeft
    }
  }

  private mutating func spend() -> Bool {
    seen += 1
    return seen <= Self.limit
  }

  private static func short(_ text: String) -> String { String(text.prefix(40)) }
}
