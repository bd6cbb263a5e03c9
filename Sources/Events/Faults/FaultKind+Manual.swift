import WireFormats

extension FaultKind {
  /// The table as the manual prints it: for each fault its name and sentence, a line for each parameter, and the names of its presets.
  package static var manual: String {
    var rows: [(String, String)] = []
    for kind in all {
      rows.append((kind.id, kind.sentence))
      for parameter in kind.parameters {
        rows.append(
          (
            "  \(parameter.name.text)",
            "\(parameter.meaning): \(parameter.domain.text)" + (parameter.standard.map { "; \($0.text) if absent" } ?? "")
          ))
      }
      for preset in kind.presets { rows.append((preset.id, "\(kind.id) with \(preset.text(in: kind))")) }
    }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, text in name + String(repeating: " ", count: width + 2 - name.count) + text + "\n" }.joined()
  }
}

extension FaultKind.Preset {
  /// "severity=high action=pause", in the order of the parameters.
  fileprivate func text(in kind: FaultKind) -> String {
    kind.parameters.compactMap { parameter in values[parameter.name].map { "\(parameter.name.text)=\($0.text)" } }.joined(separator: " ")
  }
}

extension FaultParameter.Domain {
  /// "0.1 to 3600 seconds", "low, medium or high".
  fileprivate var text: String {
    switch self {
    case .number(let range, let unit): "\(NumberText.shortest(range.lowerBound)) to \(NumberText.shortest(range.upperBound)) \(unit)"
    case .whole(let range, let unit): "\(range.lowerBound) to \(range.upperBound) \(unit)"
    case .word(let words): words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    case .service: "a service of the compose project"
    }
  }
}
