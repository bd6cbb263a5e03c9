import CYaml

/// Why a text is no YAML document that is read.
enum YAMLTrouble: Error {
  /// What libyaml says against the text at a place.
  case syntax(String, YAMLMark)
  /// A byte that no text holds, at an offset from the begin.
  case bytes(String, offset: Int)
  /// Keys that stand more than once in the mapping that begins at a place.
  case repeated([String], YAMLMark)
  case tooDeep(YAMLMark)
  case undefinedAlias(YAMLMark)
  case tooManyAliases(YAMLMark)
  /// libyaml has no memory, or fails without a word.
  case unreadable
}

/// Reads the one document of a YAML text, event by event of libyaml.
///
/// A composer is used by one call and never leaves it.
final class YAMLComposer {
  /// How deep lists and mappings may stand in each other: the reader goes down one call a level.
  static let deepest = 200

  /// The most aliases (`*name`): what keeps a small file from standing for a huge one.
  static let maximumAliases = 24

  /// It has an address of its own for life: libyaml keeps that in the parser itself.
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private var anchors: [String: YAMLNode] = [:]
  private var aliases = 0

  /// The document of a text; nil for an empty one.
  static func document(of text: String) throws(YAMLTrouble) -> YAMLNode? {
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBufferPointer { bytes throws(YAMLTrouble) in
      guard let composer = YAMLComposer(bytes) else { throw .unreadable }
      return try composer.document()
    }
  }

  /// Nil where there is no memory.
  /// - Parameter bytes: have to stay where they are for as long as this lives.
  private init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    // It clears all of it first, whatever comes then.
    let isReady = yaml_parser_initialize(parser) == 1
    guard isReady else { return nil }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  private func document() throws(YAMLTrouble) -> YAMLNode? {
    _ = try next()  // The begin of the stream.
    guard case .other(YAML_DOCUMENT_START_EVENT) = try next().kind else { return nil }
    let node = try node(try next(), depth: 0)
    _ = try next()  // The end of the document.
    let after = try next()
    guard case .other(YAML_STREAM_END_EVENT) = after.kind else { throw .syntax("but found another document", after.mark) }
    return node
  }

  private func node(_ event: Event, depth: Int) throws(YAMLTrouble) -> YAMLNode {
    guard depth < Self.deepest else { throw .tooDeep(event.mark) }
    let node: YAMLNode
    switch event.kind {
    case .alias(let name):
      aliases += 1
      guard aliases <= Self.maximumAliases else { throw .tooManyAliases(event.mark) }
      guard let known = anchors[name] else { throw .undefinedAlias(event.mark) }
      return known
    case .scalar(let text, let isPlain): node = .scalar(.init(string: text, isPlain: isPlain, mark: event.mark))
    case .sequence:
      var elements: [YAMLNode] = []
      while let event = try element() { elements.append(try self.node(event, depth: depth + 1)) }
      node = .sequence(elements, event.mark)
    case .mapping:
      var pairs: [(key: YAMLNode, value: YAMLNode)] = []
      while let event = try element() {
        let key = try self.node(event, depth: depth + 1)
        pairs.append((key, try self.node(try next(), depth: depth + 1)))
      }
      try Self.check(pairs.map(\.key), event.mark)
      node = .mapping(pairs, event.mark)
    case .end, .other: throw .unreadable
    }
    if let anchor = event.anchor { anchors[anchor] = node }
    return node
  }

  /// The next event within a list or a mapping; nil at its end.
  private func element() throws(YAMLTrouble) -> Event? {
    let event = try next()
    if case .end = event.kind { return nil }
    return event
  }

  private static func check(_ keys: [YAMLNode], _ mark: YAMLMark) throws(YAMLTrouble) {
    var seen: Set<String> = []
    var repeated: Set<String> = []
    for case .scalar(let key) in keys where !seen.insert(key.string).inserted { repeated.insert(key.string) }
    if !repeated.isEmpty { throw .repeated(repeated.sorted(), mark) }
  }
}

extension YAMLComposer {
  /// An event of libyaml as a value of ours.
  fileprivate struct Event {
    enum Kind {
      case alias(String)
      case scalar(String, isPlain: Bool)
      case sequence, mapping, end
      case other(yaml_event_type_t)
    }

    let kind: Kind
    let anchor: String?
    let mark: YAMLMark
  }

  fileprivate func next() throws(YAMLTrouble) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw trouble }
    defer { yaml_event_delete(&event) }
    let data = event.data
    var anchor: UnsafeMutablePointer<yaml_char_t>?
    let kind: Event.Kind
    switch event.type {
    case YAML_ALIAS_EVENT: kind = .alias(data.alias.anchor.map(Self.text) ?? "")
    case YAML_SCALAR_EVENT:
      anchor = data.scalar.anchor
      let bytes = UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length)
      kind = .scalar(String(decoding: bytes, as: UTF8.self), isPlain: data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
    case YAML_SEQUENCE_START_EVENT: (kind, anchor) = (.sequence, data.sequence_start.anchor)
    case YAML_MAPPING_START_EVENT: (kind, anchor) = (.mapping, data.mapping_start.anchor)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .end
    default: kind = .other(event.type)
    }
    return Event(kind: kind, anchor: anchor.map(Self.text), mark: Self.mark(event.start_mark))
  }

  /// What libyaml has against the text.
  private var trouble: YAMLTrouble {
    let words = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be read"
    return switch parser.pointee.error {
    case YAML_SCANNER_ERROR, YAML_PARSER_ERROR: .syntax(words, Self.mark(parser.pointee.problem_mark))
    case YAML_READER_ERROR: .bytes(words, offset: parser.pointee.problem_offset)
    default: .unreadable
    }
  }

  private static func text(_ bytes: UnsafeMutablePointer<yaml_char_t>) -> String { String(cString: bytes) }
  private static func mark(_ mark: yaml_mark_t) -> YAMLMark { YAMLMark(line: Int(mark.line) + 1, column: Int(mark.column) + 1) }
}
