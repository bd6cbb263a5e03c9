import Contracts
import Events
import Foundation
import HarnessConfig

/// Measures the reading of logs: what a line costs each built-in contract, lines that a template matches apart from those that none does.
enum LogBench {
  private static let samples = [
    "media-service/normal.log", "media-service/reconnect.log", "media-service/echo-sts.log", "contracts/spec-018.log",
  ]

  static func run() {
    let lines = samples.flatMap(lines)
    for contract in BuiltInContracts.all {
      // The samples of one contract are foreign to the other: by their messages, and those in plain text to one that reads JSON.
      let isJSON = contract.logFormat == .json
      let own = lines.filter { $0.hasPrefix("{") == isJSON }
      let matching = own.filter { matches($0, contract) }
      measure("\(contract.name), matching", matching, contract)
      measure("\(contract.name), not matching", isJSON ? matching.map(renamed) : own.filter { !matches($0, contract) }, contract)
      measure("\(contract.name), of another format", lines.filter { $0.hasPrefix("{") != isJSON }, contract)
    }
  }

  /// The lines of a sample in `fixtures`, read from the checkout that the bench is run in.
  private static func lines(_ sample: String) -> [String] {
    guard let text = try? String(contentsOfFile: "fixtures/\(sample)", encoding: .utf8) else {
      print("log fixtures/\(sample): cannot be read")
      return []
    }
    return text.split(separator: "\n").map(String.init)
  }

  private static func matches(_ line: String, _ contract: Contract) -> Bool {
    var matcher = LogMatcher(contract: contract, hostUTCOffsetSeconds: 0)
    return matcher.match(line, service: .mediaService).template != nil
  }

  /// A line of the same fields with a message that no template knows.
  private static func renamed(_ line: String) -> String {
    line.replacing(/"msg":"[^"]*"/, with: #""msg":"something that nobody looks for""#)
  }

  private static func measure(_ name: String, _ lines: [String], _ contract: Contract) {
    guard !lines.isEmpty else { return print("log \(name): no such line") }
    var matcher = LogMatcher(contract: contract, hostUTCOffsetSeconds: 0)
    let repeats = max(1, 2000 / lines.count)
    let clock = ContinuousClock()
    var matched = 0
    var costs: [Double] = []
    for _ in 0..<200 {
      let began = clock.now
      for _ in 0..<repeats {
        for line in lines where matcher.match(line, service: .mediaService).template != nil { matched += 1 }
      }
      costs.append(FoldBench.nanoseconds(clock.now - began) / Double(repeats * lines.count))
    }
    let median = costs.sorted()[costs.count / 2]
    let bytes = Double(lines.reduce(0) { $0 + $1.utf8.count }) / Double(lines.count)
    let share = Int((Double(matched) / Double(200 * repeats * lines.count) * 100).rounded())
    print(
      "log \(name): \(FoldBench.summary(costs)) ns a line, \(Int(1e9 / median)) lines/s and \(Int(bytes / median * 1000)) MB/s at the median, "
        + "\(lines.count) lines, \(share) % matched")
  }
}
