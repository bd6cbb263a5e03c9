import Foundation
import PrometheusText

/// Measures the parser on generated worker scrapes; `--python PATH` adds the Python client and the ratios to it.
func run() throws {
  let arguments = CommandLine.arguments
  var python: String?
  var rounds = 21
  var index = 1
  while index < arguments.count {
    guard index + 1 < arguments.count else { throw BenchError("\(arguments[index]) needs a value") }
    switch arguments[index] {
    case "--python": python = arguments[index + 1]
    case "--rounds":
      guard let number = Int(arguments[index + 1]), number >= 9 else { throw BenchError("--rounds needs a number from 9") }
      rounds = number
    default: throw BenchError("unknown argument \(arguments[index]): use --python PATH and --rounds N")
    }
    index += 2
  }
  print("scrape      what                    median       min       max   (MB/s, \(rounds) rounds, every value changes each round)")
  let workloads = [
    Workload(name: "50 KB", streams: 14), Workload(name: "1 MB", streams: 292), Workload(name: "10 MB", streams: 2_920),
  ]
  var oneMegabyte: [Measurement] = []
  for workload in workloads {
    let results = try measure(workload, rounds: rounds)
    for result in results { print(result.row(workload.name)) }
    if workload.name == "1 MB" { oneMegabyte = results }
  }
  if let python {
    let text = workloads[1].text(round: 0)
    let speed = try PythonClient(interpreter: python).measure(text, rounds: 5)
    print("1 MB        python client       " + String(format: "%10.2f", speed))
    for result in oneMegabyte {
      print("1 MB        " + result.label.padding(20) + String(format: "%10.1f times the python client", result.median / speed))
    }
  }
}

func measure(_ workload: Workload, rounds: Int) throws -> [Measurement] {
  var first = Measurement("first scrape")
  var same = Measurement("same layout")
  var changed = Measurement("changed layout")
  let variants = (0..<4).map { workload.text(round: $0) }
  // One stream less: its series leave every family, those of the others stay.
  let fewer = (0..<4).map { workload.text(round: 4 + $0, without: workload.streams / 2) }
  var parser = ExpositionParser()
  var expected = try parser.parse(variants[0], format: .text).count
  for round in 0..<rounds {
    let text = variants[(round + 1) % 4]
    var fresh = ExpositionParser()
    guard try first.time(bytes: text.count, { try fresh.parse(text, format: .text).count }) == expected else {
      throw BenchError("the first scrape lost samples")
    }
    let layout = parser.layout
    guard try same.time(bytes: text.count, { try parser.parse(text, format: .text).count }) == expected, parser.layout === layout
    else { throw BenchError("the same layout was not recognised") }
  }
  for round in 0..<rounds {
    let text = round % 2 == 0 ? fewer[round % 4] : variants[round % 4]
    let samples = try changed.time(bytes: text.count) { try parser.parse(text, format: .text).count }
    if samples == expected { throw BenchError("the changed layout was not recognised") }
    expected = samples
  }
  print("\(workload.name.padding(12))\(variants[0].count) bytes, \(try parser.parse(variants[0], format: .text).count) samples")
  return [first, same, changed]
}

do {
  try run()
} catch {
  print("ParserBench: \(error)")
  exit(1)
}
