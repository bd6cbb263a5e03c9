import Events
import PrometheusText
import WireFormats

/// Metrics for people: each family with its type and help, and its samples in columns. Everything from outside is escaped.
package enum MetricsListing {
  /// A scrape as text.
  package static func text(_ scrape: Scrape) -> String {
    var out = ""
    _ = write(scrape) {
      out += $0
      return true
    }
    return out
  }

  /// Bytes that are gathered before they are handed over.
  private static let pieceBytes = 1 << 16

  /// A scrape as text, in pieces: the whole text of millions of samples would need more memory than the samples.
  /// - Parameter output: takes a piece; false ends the writing.
  /// - Returns: whether all was taken.
  package static func write(_ scrape: Scrape, to output: (String) -> Bool) -> Bool {
    let layout = scrape.layout
    let order = FamilyOrder(layout)
    var out = ""
    for (number, family) in layout.families.enumerated() {
      let unit = family.unit.map { ", unit \(escapeUntrusted($0))" } ?? ""
      out += "\(escapeUntrusted(family.name)) (\(family.type.rawValue)\(unit))\n"
      if let help = family.help, !help.isEmpty { out += "  \(escapeUntrusted(help))\n" }
      for index in order.samples(of: number) {
        let index = Int(index)
        let stamp = scrape.timestamp(at: index).map { " @\($0) ms" } ?? ""
        out +=
          "  \(pad(self.number(scrape.values[index]), width: 24, alignment: .right))  \(escapeUntrusted(layout.key(at: index).description))\(stamp)\n"
        if out.utf8.count >= pieceBytes {
          guard output(out) else { return false }
          out.removeAll(keepingCapacity: true)
        }
      }
    }
    return output(out + "\(scrape.count) samples in \(layout.families.count) families\n")
  }

  /// The deviations of a scrape's text, a line each, and whether there are none.
  package static func lint(_ scrape: Scrape) -> (text: String, isClean: Bool) {
    let remarks = ExpositionLint.remarks(of: scrape)
    let unlisted = scrape.remarks.count - scrape.remarks.listed.count
    let format = scrape.layout.format == .text ? "text 0.0.4" : "OpenMetrics 1.0"
    guard !remarks.isEmpty else { return ("\(Figure.count(scrape.count, "sample")), no deviation from \(format)\n", true) }
    var lines = remarks.map { escapeUntrusted("\($0)") }
    if unlisted > 0 { lines.append("and \(unlisted) more that were read in passing") }
    let lost = scrape.remarks.lostSamples
    lines.append(
      "\(Figure.count(scrape.count, "sample")) read, \(lost) left out, "
        + "\(Figure.count(remarks.count + unlisted, "deviation")) from \(format)")
    return (lines.joined(separator: "\n") + "\n", false)
  }

  /// What a reader of the listing should know of the text; nil when all was read as it should be.
  package static func note(_ scrape: Scrape) -> String? {
    scrape.remarks.sentence.map { escapeUntrusted("the text has \($0) (--lint lists all)") }
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return NumberText.shortest(value)
  }
}

/// The samples of each family, in the order written: counted and sorted in two passes, four bytes a sample.
private struct FamilyOrder {
  private var starts: [Int]
  private var order: [UInt32]

  init(_ layout: SeriesLayout) {
    starts = [Int](repeating: 0, count: layout.families.count + 1)
    for index in 0..<layout.count { starts[layout.familyIndex(at: index) + 1] += 1 }
    for family in 0..<layout.families.count { starts[family + 1] += starts[family] }
    var next = starts
    order = [UInt32](repeating: 0, count: layout.count)
    for index in 0..<layout.count {
      let family = layout.familyIndex(at: index)
      order[next[family]] = UInt32(truncatingIfNeeded: index)
      next[family] += 1
    }
  }

  func samples(of family: Int) -> ArraySlice<UInt32> { order[starts[family]..<starts[family + 1]] }
}
