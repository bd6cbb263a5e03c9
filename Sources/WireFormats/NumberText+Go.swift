extension NumberText {
  /// A number as Go prints it: as `fmt.Sprint(float64)` does (strconv's shortest 'g'): the shortest digits that read back the same, with an exponent
  /// below 1e-4 and from 1e+06 on, of two digits at least.
  package static func go(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    let sign = value.sign == .minus ? "-" : ""
    if value == 0 { return sign + "0" }
    let (digits, point) = shortestDigits(value.magnitude)
    let exponent = point - 1
    if exponent < -4 || exponent >= 6 { return sign + scientific(digits, exponent) }
    return sign + plain(digits, point)
  }

  /// The shortest digits of a positive number, and how many of them stand before the point.
  private static func shortestDigits(_ value: Double) -> (digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point = 0
    var seenPoint = false
    var exponent = 0
    let text = Array("\(value)".utf8)
    for (index, byte) in text.enumerated() {
      if byte == UInt8(ascii: "e") {
        exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
        break
      }
      if byte == UInt8(ascii: ".") {
        seenPoint = true
        continue
      }
      digits.append(byte)
      if !seenPoint { point += 1 }
    }
    point += exponent
    while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    while digits.count > 1, digits.first == UInt8(ascii: "0") {
      digits.removeFirst()
      point -= 1
    }
    return (digits, point)
  }

  private static func scientific(_ digits: [UInt8], _ exponent: Int) -> String {
    var text = String(decoding: digits.prefix(1), as: UTF8.self)
    if digits.count > 1 { text += "." + String(decoding: digits.dropFirst(), as: UTF8.self) }
    let size = String(exponent.magnitude)
    return text + (exponent < 0 ? "e-" : "e+") + (size.utf8.count < 2 ? "0" : "") + size
  }

  private static func plain(_ digits: [UInt8], _ point: Int) -> String {
    if point <= 0 { return "0." + String(repeating: "0", count: -point) + String(decoding: digits, as: UTF8.self) }
    if digits.count <= point {
      return String(decoding: digits, as: UTF8.self) + String(repeating: "0", count: point - digits.count)
    }
    return String(decoding: digits.prefix(point), as: UTF8.self) + "." + String(decoding: digits.dropFirst(point), as: UTF8.self)
  }
}
