/// What is done with the text of a page: its lists are filled in, and it is made readable on a terminal.
package enum ManualPage {
  private static let begin = "<!-- list: "
  private static let end = "<!-- end of list -->"

  /// The page with its lists as the tables have them now; nothing else is changed.
  /// - Throws: a ``Mistake`` for a list that there is not, or one without an end.
  package static func filled(_ page: String, lists: [ManualList] = ManualList.all) throws(Mistake) -> String {
    var result: [String] = []
    var isInside = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line == end { isInside = false }
      if !isInside { result.append(line) }
      guard let name = listName(line) else { continue }
      guard !isInside, let list = lists.first(where: { $0.name == name }) else { throw Mistake(list: name) }
      result.append(list.isMarkdown ? String(list.text.dropLast()) : "```text\n\(list.text)```")
      isInside = true
    }
    if isInside { throw Mistake(list: "without an end") }
    return result.joined(separator: "\n")
  }

  /// A marker that cannot be understood.
  package struct Mistake: Error, Hashable { package let list: String }

  /// The names of the lists that a page has.
  package static func lists(in page: String) -> [String] { page.split(separator: "\n").compactMap { listName(String($0)) } }

  private static func listName(_ line: String) -> String? {
    guard line.hasPrefix(begin), line.hasSuffix(" -->") else { return nil }
    return String(line.dropFirst(begin.count).dropLast(4))
  }

  /// The page for a terminal: headings without their marks, code without its fences, links as the words to ask for.
  package static func plain(_ page: String) -> String {
    var lines: [String] = []
    var isCode = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") {
        isCode.toggle()
      } else if isCode {
        lines.append(line.isEmpty ? line : "  " + line)
      } else if line.hasPrefix("<!--") {
        continue
      } else if line.hasPrefix("# ") {
        let title = line.dropFirst(2).filter { $0 != "`" }
        lines += [title, String(repeating: "=", count: title.count)]
      } else if let topic = listed(line) {
        lines.append("  " + ManualTopic.row(topic))
      } else {
        lines.append(linked(line.hasPrefix("## ") ? String(line.dropFirst(3)).uppercased() : line))
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The page that a line of a list of pages names.
  private static func listed(_ line: String) -> ManualTopic? { ManualTopic.all.first { line == "- <doc:\($0.file)>" } }

  private static func linked(_ line: String) -> String {
    var rest = line[...]
    var result = ""
    while let start = rest.firstRange(of: "<doc:"), let stop = rest[start.upperBound...].firstIndex(of: ">") {
      let file = rest[start.upperBound..<stop]
      result += rest[..<start.lowerBound] + "`dubwatch help \(ManualTopic.all.first { $0.file == file }?.name ?? String(file))`"
      rest = rest[rest.index(after: stop)...]
    }
    return result + rest
  }
}
