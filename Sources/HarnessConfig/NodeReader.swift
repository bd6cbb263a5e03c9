import WireFormats

/// Reads the nodes of one file into values and collects every mistake on the way.
///
/// A reader is used by one call at a time and never leaves it.
final class NodeReader {
  /// A node and what it is called.
  struct Field {
    let path: String
    let node: YAMLNode
    let line: Int?
  }

  let file: String
  private(set) var problems: [ConfigurationError.Mistake] = []
  /// The line of every field met.
  private var lines: [String: Int] = [:]

  init(file: String) { self.file = file }

  /// Throws what was collected, if anything.
  func finish() throws(ConfigurationError) {
    guard problems.isEmpty else { throw ConfigurationError(problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }) }
  }

  func report(_ field: Field, _ message: String) { report(path: field.path, line: field.line, message) }

  /// A mistake in a field of the file, or in one that the file leaves out: then the line of what it would belong to.
  func report(path: String, _ message: String) { report(path: path, line: line(of: path), message) }

  private func report(path: String, line: Int?, _ message: String) {
    // A hopeless file needs no thousand sentences.
    guard problems.count < 50 else { return }
    problems.append(ConfigurationError.Mistake(file: file, line: line, field: path, message: message))
  }

  private func line(of path: String) -> Int? {
    var path = path[...]
    while !path.isEmpty {
      if let line = lines[String(path)] { return line }
      guard let cut = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return nil }
      path = path[..<cut]
    }
    return nil
  }

  private func field(_ path: String, _ node: YAMLNode) -> Field {
    lines[path] = node.mark.line
    return Field(path: path, node: node, line: node.mark.line)
  }

  /// The document itself, as a mapping with these fields.
  func root(_ node: YAMLNode, allowed: [String]) -> [String: Field] {
    mapping(Field(path: "", node: node, line: node.mark.line), allowed: allowed) ?? [:]
  }

  /// The fields of a mapping; anything else is a mistake.
  /// - Parameter allowed: the fields it may have; nil for names of the user's own.
  func mapping(_ parent: Field, allowed: [String]?) -> [String: Field]? {
    guard case .mapping(let mapping, _) = parent.node else {
      let what = parent.path.isEmpty ? "the file must be a list of \"field: value\" lines, but is \(Self.kind(parent.node))" : nil
      report(parent, what ?? "must be fields with values, but is \(Self.kind(parent.node))")
      return nil
    }
    guard mapping.count <= 500 else {
      report(parent, "has more than 500 fields")
      return nil
    }
    var fields: [String: Field] = [:]
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key else {
        report(parent, "the name of a field must be a plain word, but is \(Self.kind(key))")
        continue
      }
      let name = scalar.string
      let path = parent.path.isEmpty ? name : "\(parent.path).\(name)"
      if let allowed, !allowed.contains(name) {
        report(path: path, line: scalar.mark.line, "unknown field \"\(name)\"" + NearestWord.hint(name, among: allowed))
        continue
      }
      fields[name] = field(path, value)
      lines[path] = scalar.mark.line
    }
    return fields
  }

  /// The elements of a list; anything else is a mistake.
  /// - Parameter limit: how many there may be.
  func list(_ parent: Field, limit: Int = 500) -> [Field]? {
    guard case .sequence(let sequence, _) = parent.node else {
      report(parent, "must be a list, but is \(Self.kind(parent.node))")
      return nil
    }
    guard sequence.count <= limit else {
      report(parent, "has more than \(limit) elements")
      return nil
    }
    return sequence.enumerated().map { index, node in field("\(parent.path)[\(index)]", node) }
  }

  /// A text; null and anything that is no scalar is a mistake.
  func text(_ field: Field?) -> String? {
    guard let field else { return nil }
    guard case .scalar(let scalar) = field.node else {
      report(field, "must be a text, but is \(Self.kind(field.node))")
      return nil
    }
    if scalar.isPlain, ["", "~", "null"].contains(scalar.string) {
      report(field, "has no value")
      return nil
    }
    guard scalar.string.utf8.count <= 8192 else {
      report(field, "is longer than 8192 bytes")
      return nil
    }
    return scalar.string
  }

  /// One of some words.
  func word<Word: RawRepresentable & CaseIterable>(_ field: Field?, _ type: Word.Type) -> Word? where Word.RawValue == String {
    guard let field, let text = text(field) else { return nil }
    if let word = Word(rawValue: text) { return word }
    report(field, NearestWord.unknown(text, among: Word.allCases.map(\.rawValue)))
    return nil
  }

  /// true or false.
  func flag(_ field: Field?) -> Bool? {
    guard let field, let text = text(field) else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default:
      report(field, "must be true or false, but is \"\(text)\"")
      return nil
    }
  }

  /// A finite number.
  func number(_ field: Field?) -> Double? {
    guard let field, let text = text(field) else { return nil }
    let isDecimal = text.utf8.allSatisfy { byte in (0x30...0x39).contains(byte) || [0x2b, 0x2d, 0x2e, 0x45, 0x65].contains(byte) }
    guard isDecimal, let value = Double(text), value.isFinite else {
      report(field, "must be a number, but is \"\(text)\"")
      return nil
    }
    return value
  }

  /// A whole number.
  func integer(_ field: Field?) -> Int? {
    guard let field, let text = text(field) else { return nil }
    guard let value = Int(text) else {
      report(field, "must be a whole number, but is \"\(text)\"")
      return nil
    }
    return value
  }

  /// Texts under names of the user's own.
  func texts(_ field: Field?) -> [String: String]? {
    guard let field, let fields = mapping(field, allowed: nil) else { return nil }
    return fields.compactMapValues { text($0) }
  }

  /// A field that must be there.
  func required(_ name: String, in fields: [String: Field], of parent: Field) -> Field? {
    if let field = fields[name] { return field }
    report(path: parent.path.isEmpty ? name : "\(parent.path).\(name)", line: parent.line, "is missing")
    return nil
  }

  static func kind(_ node: YAMLNode) -> String {
    switch node {
    case .mapping: "fields with values"
    case .sequence: "a list"
    case .scalar(let scalar) where scalar.isPlain && ["", "~", "null"].contains(scalar.string): "empty"
    case .scalar: "a single value"
    }
  }
}
