extension SeriesKey: CustomStringConvertible {
  /// The series as an exposition writes it, `name{a="b",c="d"}`, escaped; names outside the classic set are quoted.
  package var description: String {
    var text = ""
    text.reserveCapacity(name.utf8.count + labels.count * 24)
    let plainName = name.isClassicMetricName
    if plainName {
      text += name
      if labels.isEmpty { return text }
      text += "{"
    } else {
      text += "{"
      text.appendQuoted(name)
    }
    for (index, label) in labels.enumerated() {
      if index > 0 || !plainName { text += "," }
      if label.name.isClassicLabelName { text += label.name } else { text.appendQuoted(label.name) }
      text += "="
      text.appendQuoted(label.value)
    }
    return text + "}"
  }
}

extension String {
  /// True for `[a-zA-Z_:][a-zA-Z0-9_:]*`.
  var isClassicMetricName: Bool {
    guard let first = utf8.first, ByteClass.isMetricNameStart(first) else { return false }
    return utf8.allSatisfy(ByteClass.isMetricName)
  }

  /// True for `[a-zA-Z_][a-zA-Z0-9_]*`.
  var isClassicLabelName: Bool {
    guard let first = utf8.first, ByteClass.isLabelNameStart(first) else { return false }
    return utf8.allSatisfy(ByteClass.isLabelName)
  }

  mutating func appendQuoted(_ value: String) {
    self += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": self += "\\\\"
      case "\"": self += "\\\""
      case "\n": self += "\\n"
      default: unicodeScalars.append(scalar)
      }
    }
    self += "\""
  }
}
