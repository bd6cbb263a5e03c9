/// All that a text does that its format does not allow, as far as it can be told without reading what follows a mistake wrongly.
package enum ExpositionLint {
  /// The deviations of the text that a scrape was read from.
  ///
  /// What reading noticed is there in full (the first hundred). OpenMetrics' own rules are held against each family by itself, and
  /// the first thing that breaks them in a family is said.
  package static func remarks(of scrape: Scrape) -> [ExpositionRemark] {
    var found = scrape.remarks.listed
    let layout = scrape.layout
    found += layout.repeatedIndices.map { index in
      let failure = ParseFailure(Int(layout.rows[index].keyStart), "this series has a sample already further up")
      return ExpositionRemark(place: layout.text.withView(failure.located), cost: .nothing)
    }
    if layout.format == .openMetrics {
      var lines = Set(found.map(\.place.line))
      for place in openMetrics(layout.text) where lines.insert(place.line).inserted {
        found.append(ExpositionRemark(place: place, cost: .nothing))
      }
    }
    return found.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
  }

  private static func openMetrics(_ text: [UInt8]) -> [ParseError] {
    var found: [ParseError] = []
    var seen: Set<NameBytes> = []
    var name: NameBytes?
    var chunk: [UInt8] = []
    var firstLine = 1
    func close() {
      if let error = refusal(chunk + Array("# EOF\n".utf8)) { found.append(error.moved(by: firstLine - 1)) }
    }
    for (index, line) in text.split(separator: ByteClass.newline, omittingEmptySubsequences: false).enumerated() {
      if line.elementsEqual("# EOF".utf8) { break }
      if let described = describedName(line), described != name {
        close()
        chunk = []
        firstLine = index + 1
        name = described
        if !seen.insert(described).inserted {
          let message = "the family \(described.text.escapedForError) is further up already: a family's lines must stand together"
          found.append(ParseError(line: firstLine, column: 1, message: message, excerpt: ""))
        }
      }
      if !line.isEmpty || chunk.last == ByteClass.newline { chunk += line + [ByteClass.newline] }
    }
    close()
    // What lies between two families, a clash of names for example, shows in the whole only.
    if found.isEmpty, let error = refusal(text) { found.append(error) }
    return found
  }

  private static func refusal(_ text: [UInt8]) -> ParseError? {
    var parser = ExpositionParser(rules: .strict)
    do throws(ParseError) { _ = try parser.parse(text, format: .openMetrics) } catch { return error }
    return nil
  }

  /// The name that a HELP, TYPE or UNIT line is about.
  private static func describedName(_ line: ArraySlice<UInt8>) -> NameBytes? {
    let words = line.split(separator: ByteClass.space, maxSplits: 3, omittingEmptySubsequences: false)
    guard words.count >= 3, words[0].elementsEqual("#".utf8), ["HELP", "TYPE", "UNIT"].contains(String(decoding: words[1], as: UTF8.self))
    else { return nil }
    return NameBytes(String(decoding: words[2], as: UTF8.self))
  }
}

extension ParseError {
  fileprivate func moved(by lines: Int) -> ParseError {
    ParseError(line: line + lines, column: column, message: message, excerpt: excerpt)
  }
}
