import WireFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads configuration files within limits.
enum ConfigurationFile {
  /// The largest file, in bytes.
  static let maximumBytes = 1 << 20

  /// The text of a file.
  static func text(of path: String) throws(ConfigurationError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw ConfigurationError(
        .file, file: path, errno == ENOENT ? "there is no such file" : "cannot be opened: \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ConfigurationError(.file, file: path, status.st_mode & S_IFMT == S_IFDIR ? "is a folder, not a file" : "is not a regular file")
    }
    guard let bytes = SmallFile.bytes(of: path, atMost: maximumBytes + 1) else {
      throw ConfigurationError(.file, file: path, "cannot be read; check its permissions")
    }
    return try text(of: bytes, file: path)
  }

  /// The text that a file's bytes stand for.
  static func text(of bytes: [UInt8], file: String) throws(ConfigurationError) -> String {
    if bytes.count > maximumBytes { throw ConfigurationError(file: file, "is larger than 1 MiB") }
    // A picture, an archive, a program, or UTF-16: no line of it can be named.
    if bytes.prefix(8192).contains(0) { throw ConfigurationError(file: file, "is a binary file, not YAML text in UTF-8") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let line = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).firstIndex { String(validating: $0, as: UTF8.self) == nil }
      throw ConfigurationError(file: file, line: line.map { $0 + 1 }, "is not UTF-8 text")
    }
    return text
  }

  /// The document of a YAML text.
  static func document(_ text: String, file: String) throws(ConfigurationError) -> YAMLNode {
    if text.utf8.count > maximumBytes { throw ConfigurationError(file: file, "is larger than 1 MiB") }
    do throws(YAMLTrouble) {
      if let node = try YAMLComposer.document(of: text) { return node }
    } catch {
      throw translate(error, text: text, file: file)
    }
    throw ConfigurationError(file: file, "is empty")
  }

  /// The line on which a key stands for the second time in a mapping that begins at a mark; nil where the lines do not tell (`{a: 1, a: 2}`).
  private static func secondLine(of key: String, from mark: YAMLMark, in text: String) -> Int? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var isFirst = true
    for (index, line) in lines.enumerated().dropFirst(mark.line - 1) {
      // The first key may stand behind the dash of a list.
      let own = line.dropFirst(mark.column - 1)
      guard index == mark.line - 1 || line.prefix(mark.column - 1).allSatisfy({ $0 == " " }) else {
        if line.allSatisfy({ $0 == " " }) || line.drop(while: { $0 == " " }).first == "#" { continue }
        return nil
      }
      guard
        [key, "\"\(key)\"", "'\(key)'"].contains(where: { own.hasPrefix($0) && own.dropFirst($0.count).drop { $0 == " " }.first == ":" })
      else { continue }
      if !isFirst { return index + 1 }
      isFirst = false
    }
    return nil
  }

  private static func translate(_ trouble: YAMLTrouble, text: String, file: String) -> ConfigurationError {
    switch trouble {
    case .syntax(let problem, let mark):
      return ConfigurationError(file: file, line: mark.line, "is not YAML at column \(mark.column): \(problem)")
    case .tooDeep(let mark): return ConfigurationError(file: file, line: mark.line, "is nested too deep")
    case .tooManyAliases(let mark):
      return ConfigurationError(
        file: file, line: mark.line, "more than \(YAMLComposer.maximumAliases) aliases (\"*name\") are not read")
    case .undefinedAlias(let mark):
      return ConfigurationError(file: file, line: mark.line, "an alias (\"*name\") stands for nothing; quote a text that begins with *")
    case .bytes(let problem, let offset):
      let line = text.utf8.prefix(offset).reduce(1) { $1 == 0x0a ? $0 + 1 : $0 }
      return ConfigurationError(file: file, line: line, "is not YAML: \(problem)")
    case .repeated(let keys, let mark):
      let words = keys.map { "\"\($0)\"" }.joined(separator: ", ")
      let line = keys.first.flatMap { secondLine(of: $0, from: mark, in: text) } ?? mark.line
      return ConfigurationError(file: file, line: line, "the field \(words) stands there twice")
    case .unreadable: return ConfigurationError(file: file, "cannot be read as YAML")
    }
  }
}
