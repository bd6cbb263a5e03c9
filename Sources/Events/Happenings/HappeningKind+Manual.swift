extension HappeningKind {
  /// What a contract's log templates can stand for, as the manual prints it: for each word what a line says, and a line for each field.
  package static var manual: String {
    var rows: [(String, String)] = []
    for kind in ofLogs {
      rows.append((kind.word, kind.meaning))
      for field in kind.line?.fields ?? [] {
        rows.append(("  \(field.name)", "\(field.meaning): \(field.domain.sentence)" + (field.isRequired ? "; required" : "")))
      }
    }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, text in name + String(repeating: " ", count: width + 2 - name.count) + text + "\n" }.joined()
  }
}
