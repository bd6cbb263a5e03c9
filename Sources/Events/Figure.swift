import WireFormats

/// Numbers as sentences of rules write them.
package enum Figure {
  /// At most two digits after the point: "10", "4.03".
  package static func text(_ value: Double) -> String { NumberText.rounded(value, 2) }

  /// "4.03 s".
  package static func seconds(_ value: Double) -> String { "\(text(value)) s" }
  /// "464 ms".
  package static func milliseconds(_ value: Double) -> String { "\(text(value)) ms" }
  /// "+18 ms".
  package static func offset(_ milliseconds: Double) -> String {
    (milliseconds > 0 ? "+" : "") + "\(NumberText.rounded(milliseconds, 1)) ms"
  }
  /// "95 %".
  package static func percent(_ share: Double) -> String { "\(text(share * 100)) %" }
  /// "12.3 MB".
  package static func bytes(_ count: Int) -> String { "\(text((Double(count) / 100_000).rounded() / 10)) MB" }
  /// "sent, processed, fallback and 4 more".
  package static func list(_ names: [String], atMost limit: Int) -> String {
    names.prefix(limit).joined(separator: ", ") + (names.count > limit ? " and \(names.count - limit) more" : "")
  }
  /// "1 segment", "2 segments".
  package static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
