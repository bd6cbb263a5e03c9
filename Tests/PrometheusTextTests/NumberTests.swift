import TestSupport
import Testing

@testable import PrometheusText

@Suite struct NumberTests {
  func scan(_ text: String) -> (value: Double, end: Int) {
    Array(text.utf8).withView { view in
      NumberScanner.withScanner { numbers in
        var value = 0.0
        let end = numbers.scan(view, 0, into: &value)
        return (value, end)
      }
    }
  }

  @Test(arguments: [
    "0", "-0", "1", "1460.0", "0.046", "1.7953527672892654e+09", "9007199254740993", "9007199254740992.5", "18446744073709551615",
    "18446744073709551616", "123456789012345678901234567890", "1e22", "1e23", "8.5e22", "1e-22", "2.2250738585072014e-308", "5e-324",
    "1.7976931348623157e308", "0.1", "0.3", "4.35", "2.5e-27", "9999999999999999999e27", "9999999999999999999e-27", "1e-400", ".5", "5.",
    "+7", "000000000000000000000000001.5", "0.000000000000000000000000001", "6.02214076e23",
    "1.00000000000000011102230246251565404236316680908203125",
    "1448997445238699", "4503599627370496.5", "4503599627370497.5",
    "7.0420557077594588669468784357561207962098443483187940792729600000e+59",
  ])
  func `reads as the standard library`(_ text: String) throws {
    let (value, end) = scan(text)
    #expect(end == text.utf8.count)
    #expect(value.bitPattern == (try #require(Double(text))).bitPattern)
  }

  @Test func `random numbers read exactly`() throws {
    var random = SplitMix(seed: 7)
    for round in 0..<60_000 {
      let text: String
      switch round % 4 {
      case 0: text = "\(Double(bitPattern: random.next() & 0x7FEF_FFFF_FFFF_FFFF))"
      case 1: text = "\(random.next() % 10_000_000_000).\(random.next())"
      case 2: text = "\(random.next())e\(Int(random.next() % 60) - 30)"
      default: text = "\(random.next() % 10).\(random.next() % 100_000_000_000_000_000)e+0\(random.next() % 10)"
      }
      let (value, end) = scan(text)
      let expected = try #require(Double(text))
      guard end == text.utf8.count, value.bitPattern == expected.bitPattern else {
        Issue.record("\(text) reads as \(value), not \(expected)")
        return
      }
    }
  }

  @Test(arguments: ["", "-", "+", ".", "e5", "1e", "1e+", "nan(", "0x", "infinit", "-nan", "+NaN", "1e999", "-1e400"])
  func `what is no number is refused`(_ text: String) {
    let (_, end) = scan(text)
    #expect(end != text.utf8.count || text.isEmpty && end < 0)
  }

  @Test func `infinities and NaN are words`() {
    for word in ["inf", "+Inf", "-INF", "Infinity", "-infinity"] {
      #expect(scan(word) == ((word.hasPrefix("-") ? -1 : 1) * Double.infinity, word.utf8.count))
    }
    for word in ["nan", "NaN", "Nan", "NAN"] { #expect(scan(word).value.isNaN && scan(word).end == 3) }
    #expect(scan(String(repeating: "1", count: 5_000)).end == -1)
  }
}
