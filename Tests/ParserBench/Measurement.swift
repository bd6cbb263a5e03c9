import Foundation
import PrometheusText

/// Speeds of several rounds over one kind of parse.
struct Measurement {
  let label: String
  private(set) var megabytesPerSecond: [Double] = []

  init(_ label: String) {
    self.label = label
  }

  var median: Double {
    let sorted = megabytesPerSecond.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }

  /// Times one parse; `body` returns the number of samples, so that nothing is optimised away.
  mutating func time(bytes: Int, _ body: () throws -> Int) rethrows -> Int {
    let clock = ContinuousClock()
    let start = clock.now
    let samples = try body()
    let elapsed = start.duration(to: clock.now)
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    megabytesPerSecond.append(Double(bytes) / 1e6 / max(seconds, 1e-9))
    return samples
  }

  func row(_ workload: String) -> String {
    let lowest = megabytesPerSecond.min() ?? 0
    let highest = megabytesPerSecond.max() ?? 0
    return workload.padding(12) + label.padding(20) + number(median) + number(lowest) + number(highest)
  }

  private func number(_ value: Double) -> String {
    let text = String(Int(value.rounded()))
    return String(repeating: " ", count: max(0, 10 - text.count)) + text
  }
}

extension String {
  func padding(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

/// Runs the Python client's parser over the same text, in this run.
struct PythonClient {
  let interpreter: String

  /// Median MB/s of `rounds` parses that consume every family and sample.
  func measure(_ text: [UInt8], rounds: Int) throws -> Double {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "parser-bench-\(ProcessInfo.processInfo.processIdentifier).txt")
    try Data(text).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let script = """
      import statistics, sys, time
      from prometheus_client.parser import text_string_to_metric_families
      text = open(sys.argv[1], encoding="utf-8").read()
      speeds = []
      for _ in range(int(sys.argv[2])):
          start = time.perf_counter()
          samples = sum(len(family.samples) for family in text_string_to_metric_families(text))
          speeds.append(len(text) / 1e6 / (time.perf_counter() - start))
      print(statistics.median(speeds), samples)
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: interpreter)
    process.arguments = ["-c", script, file.path, String(rounds)]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let words = String(decoding: answer, as: UTF8.self).split(separator: " ")
    guard process.terminationStatus == 0, let speed = words.first.flatMap({ Double($0) }) else {
      throw BenchError("the Python parser did not run; is prometheus_client installed for \(interpreter)?")
    }
    return speed
  }
}

struct BenchError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
