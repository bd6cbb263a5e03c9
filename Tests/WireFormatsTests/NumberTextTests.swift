import Testing
import WireFormats

@Suite struct NumberTextTests {
  @Test(
    arguments: [
      (1, "1"), (250_000, "250000"), (1e6, "1e+06"), (1_756_047.3, "1.7560473e+06"), (0.0001, "0.0001"), (0.00001, "1e-05"), (-0.0, "-0"),
      (123_456.5, "123456.5"), (1e100, "1e+100"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
      (.leastNonzeroMagnitude, "5e-324"),
      (0.3, "0.3"),
      (8.3835e-05, "8.3835e-05"), (2_693, "2693"), (1_795_352_767.2892654, "1.7953527672892654e+09"), (100, "100"),
    ] as [(Double, String)])
  func `prints as go`(_ value: Double, _ text: String) {
    #expect(NumberText.go(value) == text)
  }

  @Test(arguments: [(0.0, "0"), (1.5, "1.5"), (-0.25, "-0.25"), (12.004, "12"), (3.05, "3.05"), (-0.001, "0"), (1e13, "10000000000000.0")])
  func `rounds to two digits`(_ value: Double, _ expected: String) {
    #expect(NumberText.rounded(value, 2) == expected)
  }

  @Test(
    arguments: [
      (0.0, 3, "0.000"), (1.0005, 3, "1.001"), (-0.0001, 3, "0.000"), (-2.5, 3, "-2.500"), (90, 3, "90.000"), (0.05, 3, "0.050"),
      (2.5, 0, "3"), (-0.4, 0, "0"), (1e15, 2, "1000000000000000.00"), (1e18, 0, "1000000000000000000"), (1e19, 0, "1e+19"),
      (0.1, 9, "0.100000000"), (0.1, 12, "0.100000000"), (1.26, 1, "1.3"), (.infinity, 1, "inf"), (-.infinity, 1, "-inf"), (.nan, 1, "nan"),
    ] as [(Double, Int, String)])
  func `writes fixed digits`(_ value: Double, _ digits: Int, _ expected: String) {
    #expect(NumberText.fixed(value, digits) == expected)
  }

  @Test(
    arguments: [
      (1, "1"), (-0.0, "0"), (0.1, "0.1"), (999_999_999_999_999, "999999999999999"), (1e15, "1000000000000000.0"), (1e16, "1e+16"),
      (.nan, "nan"),
    ]
      as [(Double, String)])
  func `writes shortest`(_ value: Double, _ expected: String) {
    #expect(NumberText.shortest(value) == expected)
  }

  @Test(arguments: [(7, 2, "07"), (123, 2, "123"), (-7, 3, "-007"), (0, 0, "0"), (.min, 3, "-9223372036854775808")])
  func `pads with zeros`(_ value: Int, _ figures: Int, _ expected: String) {
    #expect(NumberText.padded(value, figures) == expected)
  }

  @Test func `what is written reads back`() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<5_000 {
      let value = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &random))
      guard value.isFinite else { continue }
      #expect(Double(NumberText.go(value)) == value)
      #expect(Double(NumberText.shortest(value)) == value)
      let small = Double.random(in: -1e6...1e6, using: &random)
      let digits = Int.random(in: 0...6, using: &random)
      let text = NumberText.fixed(small, digits)
      #expect(
        abs((try #require(Double(text))) - small) <= 0.501 * [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6][digits], "\(small) \(digits)")
      #expect(text.utf8.count { $0 == UInt8(ascii: ".") } == (digits > 0 ? 1 : 0))
    }
  }
}
