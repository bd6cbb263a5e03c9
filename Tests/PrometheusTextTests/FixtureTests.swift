import Testing

@testable import PrometheusText

@Suite struct FixtureTests {
  @Test(arguments: [
    ("metrics-before.txt", 13), ("metrics-during.txt", 62), ("metrics-after.txt", 62), ("metrics-after-reconnect.txt", 66),
  ])
  func `media service`(_ name: String, _ samples: Int) throws {
    var parser = ExpositionParser()
    let scrape = try parser.parse(fixture(name), format: .text)
    let sampleLines = String(decoding: try fixture(name), as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(scrape.count == sampleLines.count)
    for (index, line) in sampleLines.enumerated() {
      #expect(line.hasPrefix(scrape.layout.series[index].description + " "))
      #expect(Double(line.split(separator: " ").last ?? "") == scrape.values[index])
    }
    #expect(scrape.layout.repeatedIndices.isEmpty)
  }

  /// A worker over its life: what stays keeps its number.
  @Test func `a run`() throws {
    var parser = ExpositionParser()
    var numbers: [SeriesKey: SeriesID] = [:]
    for name in ["metrics-before.txt", "metrics-during.txt", "metrics-after.txt", "metrics-before.txt", "metrics-after-reconnect.txt"] {
      let layout = try parser.parse(fixture(name), format: .text).layout
      for index in 0..<layout.count {
        #expect(numbers[layout.key(at: index)] ?? layout.id(at: index) == layout.id(at: index))
        numbers[layout.key(at: index)] = layout.id(at: index)
      }
    }
  }

  @Test func `a scrape of MediaMTX is read`() throws {
    var parser = ExpositionParser()
    let scrape = try parser.parse(fixture("mediamtx.txt"), format: .text)
    let layout = scrape.layout
    let ready = SeriesKey(name: "paths", labels: [.init(name: "name", value: "live/test/in"), .init(name: "state", value: "ready")])
    #expect(scrape.value(of: ready) == 1)
    #expect(layout.series.contains { $0["name"] == "live/say \"hi\"/in" })
    #expect(layout.series.contains { $0["name"] == "live\\x\\" })
    #expect(layout.series.contains { $0.name == "rtmp_conns" && $0.labels.isEmpty })
    #expect(layout.families.allSatisfy { $0.type == .unknown })
  }
}
