/// Numbers as text, total over every value. Words for people (units, dashes for what is unknown) are made of these elsewhere.
package enum NumberText {
  /// A number with exactly so many digits after the point (0 to 9), halves away from zero; never `-0`, and no exponent as long as all
  /// digits fit 63 bits. Beyond, and for what is not finite, as Swift writes it.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    var scale: UInt64 = 1
    let digits = max(0, min(digits, 9))
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value.magnitude * Double(scale)).rounded()
    guard scaled < 9e18 else { return "\(value)" }
    let whole = UInt64(scaled)
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let rest = String(whole % scale)
    return "\(sign)\(whole / scale).\(String(repeating: "0", count: digits - rest.utf8.count))\(rest)"
  }

  /// The shortest text that reads back the same, without a point when it is whole and exact.
  package static func shortest(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : "\(value)"
  }

  /// A number rounded to at most so many digits after the point (0 to 9), without those that say nothing: "10", "4.03", "-0.5".
  package static func rounded(_ value: Double, _ digits: Int) -> String {
    guard value.magnitude < 1e12 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<max(0, min(digits, 9)) { scale *= 10 }
    return shortest((value * scale).rounded() / scale)
  }

  /// A whole number with zeros before it, so many figures at least.
  package static func padded(_ value: Int, _ figures: Int) -> String {
    let text = String(value.magnitude)
    let zeros = String(repeating: "0", count: max(0, figures - text.utf8.count))
    return (value < 0 ? "-" : "") + zeros + text
  }
}
