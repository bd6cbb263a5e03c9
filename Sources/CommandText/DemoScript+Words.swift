import ArgumentParser
import EmbeddedPipeline
import WireFormats

/// The speeds of what dubwatch runs itself.
package enum PipelineSpeed {
  /// - Throws: a sentence where it is none that there can be.
  package static func check(_ speed: Double) throws {
    guard speed >= 1, speed <= 20 else { throw ValidationError("--speed is \(speed), but must be 1 to 20.") }
  }
}

extension DemoScript {
  /// - Throws: a sentence why it cannot be shown at a speed.
  package func check(speed: Double) throws {
    try PipelineSpeed.check(speed)
    guard speed <= maxSpeed else {
      throw ValidationError(
        "--speed is \(speed), but \(name) shows errors of the content, which is searched up to \(Int(maxSpeed)) times real time: "
          + "use --speed 1 to \(Int(maxSpeed)).")
    }
  }

  /// The script of a name, or a sentence with the nearest one.
  package static func parse(_ name: String) throws -> DemoScript {
    if let script = named(name) { return script }
    let names = all.map(\.name)
    let hint = NearestWord.find(name, among: names).map { " Did you mean \($0)?" } ?? ""
    throw ValidationError("There is no scenario '\(name)'.\(hint) Scenarios: \(names.joined(separator: ", ")).")
  }
}
