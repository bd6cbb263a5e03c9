import WireFormats

/// Many workers in one process, for engines to scrape.
package struct FleetConfiguration: Sendable, Hashable {
  /// Address to listen on.
  package var host = "127.0.0.1"
  /// Port to listen on; 0 for any free one.
  package var port = 0
  /// How many workers, 1 to 100,000.
  package var workers = 10
  /// The share of workers whose speech service fails, 0 to 1: their breakers open.
  package var failing = 0.0
  /// The share of workers that stop answering, 0 to 1.
  package var silent = 0.0
  /// When they stop, in seconds of pipeline time after the start.
  package var silentAfter = 30.0
  /// In which shape the workers show themselves.
  package var shape = ServiceShape.spec018

  /// Ten workers without faults.
  package init() {}

  /// Refuses what cannot be.
  package func check() throws(Problem) {
    guard (1...100_000).contains(workers) else { throw Problem(.usage, "--workers is \(workers), but must be 1 to 100000") }
    guard failing + silent <= 1 else { throw Problem(.usage, "--failing and --silent together are more than all workers") }
  }

  /// Reads a share: `3%`, `0.03`.
  /// - Parameter flag: the flag that it was given for, for the sentence.
  package static func share(_ text: String, of flag: String) throws(Problem) -> Double {
    let isPercent = text.hasSuffix("%")
    let number = Double(isPercent ? String(text.dropLast()) : text).map { isPercent ? $0 / 100 : $0 }
    guard let number, (0...1).contains(number) else {
      throw Problem(.usage, "\(flag) is \(text), but must be a share such as 3% or 0.03")
    }
    return number
  }
}
