import WireFormats

/// Pieces of a page. Text from outside goes through ``text(_:)``, always.
enum HTML {
  /// Text that is shown as it is: nothing of it is markup, nothing turns the direction of writing, nothing is invisible.
  static func text(_ text: String) -> String { XMLText.escaped(escapeUntrusted(text)) }

  /// An element with content that is markup already.
  static func element(_ name: String, _ attributes: [(String, String)] = [], _ content: String = "") -> String {
    let words = attributes.map { " \($0.0)=\"\(HTML.text($0.1))\"" }.joined()
    return "<\(name)\(words)>\(content)</\(name)>"
  }

  /// A row of a table of cells that are markup already.
  static func row(_ cells: [String], attributes: [(String, String)] = []) -> String {
    element("tr", attributes, cells.map { "<td>\($0)</td>" }.joined())
  }

  /// A table with its caption and the heads of its columns.
  static func table(_ caption: String, _ heads: [String], rows: [String], attributes: [(String, String)] = []) -> String {
    let head = heads.map { "<th scope=\"col\">\(text($0))</th>" }.joined()
    return element(
      "table", attributes,
      "<caption>\(text(caption))</caption>\n<thead><tr>\(head)</tr></thead>\n<tbody>\n\(rows.joined(separator: "\n"))\n</tbody>")
  }
}
