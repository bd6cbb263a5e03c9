import PrometheusText
import WireFormats

/// Metrics for people: each family with its type and help, and its samples in columns. Everything from outside is escaped.
package enum MetricsListing {
  /// A scrape as text.
  package static func text(_ scrape: Scrape) -> String {
    let layout = scrape.layout
    var members: [[Int]] = Array(repeating: [], count: layout.families.count)
    for index in 0..<scrape.count { members[layout.familyIndex(at: index)].append(index) }
    var out = ""
    for (family, indices) in zip(layout.families, members) {
      let unit = family.unit.map { ", unit \(escapeUntrusted($0))" } ?? ""
      out += "\(escapeUntrusted(family.name)) (\(family.type.rawValue)\(unit))\n"
      if let help = family.help, !help.isEmpty { out += "  \(escapeUntrusted(help))\n" }
      for index in indices {
        let stamp = scrape.timestamp(at: index).map { " @\($0) ms" } ?? ""
        out +=
          "  \(pad(number(scrape.values[index]), width: 24, alignment: .right))  \(escapeUntrusted(layout.key(at: index).description))\(stamp)\n"
      }
    }
    return out + "\(scrape.count) samples in \(layout.families.count) families\n"
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return NumberText.shortest(value)
  }
}
