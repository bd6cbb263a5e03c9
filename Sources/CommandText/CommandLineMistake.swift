import WireFormats

/// What is wrong with a command line that the parser refused, as one sentence with the nearest word.
package struct CommandLineMistake {
  private let words: [String]
  private var command: CommandTree
  private var path: [String] = []
  private var places = 0
  private var given: Set<String> = []

  private init(_ words: [String], _ program: CommandTree) {
    self.words = words
    command = program
  }

  /// The sentence; nil where the words are in order, so that a value must be wrong.
  package static func sentence(_ words: [String], in program: CommandTree) -> String? {
    var mistake = CommandLineMistake(words, program)
    return mistake.find()
  }

  /// The words with every negative number bound to the option before it, `--duration=-5`: by itself it would be taken for an option.
  package static func bindingNegativeValues(_ words: [String], in program: CommandTree) -> [String] {
    var command = program
    var bound: [String] = []
    var index = 0
    while index < words.count {
      let word = words[index]
      if let next = command.commands.first(where: { $0.commandName == word }) { command = next }
      if command.option(word)?.takesValue == true, index + 1 < words.count, isNegativeNumber(words[index + 1]) {
        bound.append("\(word)=\(words[index + 1])")
        index += 2
      } else {
        bound.append(word)
        index += 1
      }
    }
    return bound
  }

  private static func isNegativeNumber(_ word: String) -> Bool { word.hasPrefix("-") && Double(word) != nil }

  private mutating func find() -> String? {
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" {
        places += words.count - index
        break
      }
      guard word.hasPrefix("-"), word != "-", !Self.isNegativeNumber(word) else {
        if let sentence = take(word) { return sentence }
        continue
      }
      let name = String(word.prefix { $0 != "=" })
      guard let option = command.option(name) else { return unknown(name) }
      given.insert(option.text)
      guard option.takesValue else {
        if word.contains("=") { return "\(name) takes no value" }
        continue
      }
      var value = word.contains("=") ? String(word.dropFirst(name.count + 1)) : nil
      if value == nil, index < words.count, words[index] == "-" || !words[index].hasPrefix("-") || Self.isNegativeNumber(words[index]) {
        value = words[index]
        index += 1
      }
      guard let value, !value.isEmpty else { return "\(name) needs a value: \(Self.help(option))" }
      if let sentence = Self.wrong(value, for: option, called: name) { return sentence }
    }
    return missing()
  }

  /// A word that is no option: a command, or something that the command takes by its place.
  private mutating func take(_ word: String) -> String? {
    if !command.commands.isEmpty {
      if let next = command.commands.first(where: { $0.commandName == word }) {
        command = next
        path.append(word)
        return nil
      }
      let names = command.commands.map(\.commandName)
      let place = path.isEmpty ? "there is no command" : "\(path.joined(separator: " ")) has no command"
      return "\(place) '\(word)'" + Self.hint(word, among: names, otherwise: "commands are \(names.joined(separator: ", "))")
    }
    places += 1
    let allowed = command.positionals
    if places > allowed.count, allowed.last?.isRepeating != true {
      let most =
        allowed.isEmpty ? "takes no words but options" : "takes \(allowed.map { $0.valueName ?? "a word" }.joined(separator: ", ")) only"
      return "'\(word)' is one word too many: \(path.joined(separator: " ")) \(most)"
    }
    return nil
  }

  private func unknown(_ name: String) -> String {
    let names = command.options.filter(\.shouldDisplay).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(\.name)
    let bare = String(name.drop { $0 == "-" })
    let full = (["dubwatch"] + path).joined(separator: " ")
    let nearest = NearestWord.find(bare, among: names) ?? names.first { bare.utf8.count >= 3 && $0.hasPrefix(bare) }
    return "unknown option \(name): " + (nearest.map { "did you mean --\($0)?" } ?? "`\(full) --help` lists what there is")
  }

  /// What the command cannot do without.
  private func missing() -> String? {
    let needed = command.positionals.filter { !$0.isOptional }
    if places < needed.count {
      return "\(path.joined(separator: " ")) needs \(needed[places].valueName ?? "a word"): \(Self.help(needed[places]))"
    }
    return command.options.first { $0.takesValue && !$0.isOptional && !given.contains($0.text) }.map {
      "\(path.joined(separator: " ")) needs \($0.text): \(Self.help($0))"
    }
  }

  private static func wrong(_ value: String, for option: CommandTree.Argument, called name: String) -> String? {
    if let all = option.allValues, !all.isEmpty, !all.contains(value) {
      return "\(name) is '\(value)', but must be one of \(all.joined(separator: ", "))"
        + (NearestWord.find(value, among: all).map { "; did you mean \($0)?" } ?? "")
    }
    if let preset = option.defaultValue, Double(preset) != nil, Double(value) == nil {
      return "\(name) is '\(value)', but must be a number: \(help(option))"
    }
    return nil
  }

  private static func hint(_ word: String, among names: [String], otherwise: String) -> String {
    // A beginning is a good guess too: `serve echo`.
    let nearest = NearestWord.find(word, among: names) ?? names.first { word.utf8.count >= 3 && $0.hasPrefix(word) }
    return nearest.map { ": did you mean \($0)?" } ?? ": \(otherwise)"
  }

  /// The help of an argument as the end of a sentence.
  static func help(_ argument: CommandTree.Argument) -> String {
    var text = argument.abstract ?? argument.valueName ?? ""
    while text.hasSuffix(".") { text.removeLast() }
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
