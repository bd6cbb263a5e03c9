import TestSupport
import Testing

@testable import PrometheusText

/// Seeded mutations of valid texts: nothing traps, and what a parser knows already never changes what it reads.
@Suite struct FuzzTests {
  static let openMetrics = """
    # TYPE a counter
    # HELP a x \\n y
    a_total{l="v\\"w"} 17 # {id="x"} 5
    a_created{l="v\\"w"} 1.5
    # TYPE h histogram
    h_bucket{le="1.0"} 1
    h_bucket{le="+Inf"} 3 # {id="y"} 2 1.5
    h_count 3
    h_sum 2.25
    # TYPE s summary
    s{quantile="0.5"} 1 12.5
    s_count 2 12.5
    {"q.n","b c"="d"} 1
    # EOF

    """
  static let text = """
    # HELP a some help
    # TYPE a counter
    a{l="v",m="w\\\\x"} 17 123
     b { x = "1" , } -1.5e3
    # TYPE h histogram
    h_bucket{le="1"} 1
    h_bucket{le="+Inf"} 3
    h_count 3
    {"q.n","b c"="d"} NaN
    c 1.7953527672892654e+09

    """

  @Test(
    arguments: [(text, ExpositionFormat.text), (openMetrics, .openMetrics)], [ExpositionRules.strict, .scraper])
  func `mutated scrapes are read or refused`(_ seed: (text: String, format: ExpositionFormat), _ rules: ExpositionRules) throws {
    let format = seed.format
    var random = SplitMix(seed: 42)
    let original = Array(seed.text.utf8)
    let alphabet = Array("{}\",=# \n\r\t\\aeEnN+-.0159_:le".utf8) + [0x00, 0x7F, 0x80, 0xC3, 0xA9, 0xE2, 0xF0, 0xFF]
    var known = ExpositionParser(rules: rules)
    _ = try known.parse(original, format: format)
    var accepted = 0
    for _ in 0..<Breadth.of(30_000) {
      var bytes = original
      for _ in 0...Int(random.next() % 3) { mutate(&bytes, alphabet, &random) }
      var fresh = ExpositionParser(rules: rules)
      let expected = outcome(&fresh, bytes, format)
      let before = known.layout.map { String(decoding: $0.text, as: UTF8.self).debugDescription } ?? "nothing"
      let actual = outcome(&known, bytes, format)
      guard actual == expected else {
        Issue.record("after \(before) \(String(decoding: bytes, as: UTF8.self).debugDescription) reads as \(actual), not as \(expected)")
        return
      }
      if case .success = expected { accepted += 1 }
    }
    #expect(accepted > Breadth.of(1_000))
  }

  private func mutate(_ bytes: inout [UInt8], _ alphabet: [UInt8], _ random: inout SplitMix) {
    guard !bytes.isEmpty else { return }
    let index = Int(random.next() % UInt64(bytes.count))
    let byte = alphabet[Int(random.next() % UInt64(alphabet.count))]
    switch random.next() % 6 {
    case 0: bytes[index] = byte
    case 1: bytes.insert(byte, at: index)
    case 2: bytes.remove(at: index)
    case 3: bytes.removeSubrange(index..<min(bytes.count, index + Int(random.next() % 20)))
    case 4: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + Int(random.next() % 40))], at: index)
    default: bytes = Array(bytes.prefix(index))
    }
  }

  private func outcome(_ parser: inout ExpositionParser, _ bytes: [UInt8], _ format: ExpositionFormat) -> Result<[String], ParseError> {
    // Exactly as long as the text: a read beyond it would leave the allocation.
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    do throws(ParseError) {
      let scrape = try parser.parse(UnsafeRawBufferPointer(memory), format: format)
      let families = scrape.layout.families.map { "\($0)" }
      let repeated = scrape.layout.repeatedIndices.map { "again \($0)" }
      let remarks = scrape.remarks.listed.map { "\($0)" } + ["\(scrape.remarks.count) remarks"]
      return .success(families + lines(scrape) + repeated + remarks)
    } catch {
      return .failure(error)
    }
  }
}
