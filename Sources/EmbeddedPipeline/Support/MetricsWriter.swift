/// Writes the Prometheus text format 0.0.4 as the Python client does.
struct MetricsWriter {
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private(set) var text = ""

  /// Begins a family.
  mutating func family(_ name: String, _ type: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  /// One sample; labels in the order given.
  mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: Double) {
    text += name
    if !labels.isEmpty {
      text += "{" + labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",") + "}"
    }
    text += " \(Self.number(value))\n"
  }

  /// The samples of a histogram.
  mutating func histogram(_ name: String, _ labels: [(String, String)] = [], _ histogram: Histogram) {
    for (bound, count) in zip(histogram.upperBounds, histogram.counts) {
      sample("\(name)_bucket", [("le", Self.number(bound))] + labels, Double(count))
    }
    sample("\(name)_bucket", [("le", "+Inf")] + labels, Double(histogram.count))
    sample("\(name)_count", labels, Double(histogram.count))
    sample("\(name)_sum", labels, histogram.sum)
  }

  static func escaped(_ value: String) -> String {
    var result = ""
    for character in value.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// A number as the Python client writes it: `8.0`, `1.8168238e+07`, `+Inf`.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    let plain = "\(value)"
    // The client turns a positive number with more than six digits before the point into exponent form.
    guard value > 0, let point = plain.firstIndex(of: "."), !plain.contains("e") else { return plain }
    let digits = plain.distance(from: plain.startIndex, to: point)
    guard digits > 6 else { return plain }
    var mantissa = "\(plain.prefix(1)).\(plain[plain.index(after: plain.startIndex)..<point])\(plain[plain.index(after: point)...])"
    while mantissa.hasSuffix("0") { mantissa.removeLast() }
    if mantissa.hasSuffix(".") { mantissa.removeLast() }
    let exponent = digits - 1
    return "\(mantissa)e+\(exponent < 10 ? "0" : "")\(exponent)"
  }
}
