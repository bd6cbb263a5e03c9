import Foundation
import TestSupport
import Testing

/// A service of the embedded pipeline as a program of its own, on a port that was free.
struct Served {
  let program: ChildProgram
  let port: Int

  /// Starts `dubwatch serve` with these arguments.
  init(_ arguments: [String], speed: Int) async throws {
    let program = try ChildProgram(dubwatchPath, ["serve"] + arguments + ["--speed", "\(speed)", "--port", "0"])
    self.program = program
    port = try await waitFor("\(arguments)") { () -> Int? in
      if program.status != nil { throw NotThere(what: "\(arguments): \(program.errors)") }
      return program.errors.split(separator: "\n").first { $0.contains("listens on port") }?.split(separator: " ").last.flatMap { Int($0) }
    }
  }

  /// A speech service.
  static func speech(speed: Int) async throws -> Served { try await Served(["echo-sts", "--processing-delay", "1200"], speed: speed) }

  /// A worker between two streams.
  static func worker(_ input: String, _ output: String, speech: Served, speed: Int) async throws -> Served {
    try await Served(
      ["media-service", "--control", "--sts-url", "http://127.0.0.1:\(speech.port)", "--input", input, "--output", output], speed: speed)
  }

  /// An ffmpeg that publishes the test stream again and again.
  static func publisher(_ target: [String], speed: Int) throws -> ChildProgram {
    try ChildProgram(
      "ffmpeg", ["-v", "error", "-nostdin", "-readrate", "\(speed)", "-stream_loop", "-1", "-i", Checkout.film, "-c", "copy"] + target)
  }

  /// Sends a body to `/control`; fails when it is not taken.
  func control(_ body: String) throws {
    let request =
      "POST /control HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    let text = try #require(Loopback.exchange(request, port: port))
    try #require(text.hasPrefix("HTTP/1.1 200"), "\(text)")
  }
}

/// What `dubwatch probe` read of a stream.
struct ProbedStream {
  /// Content offsets in milliseconds, by segment.
  let offsets: [Double]
  /// Timestamp alignment in milliseconds, by segment.
  let deltas: [Double]
  /// What was found besides: "gap", "seam" and so on.
  let findings: [String]

  /// Reads so many seconds of a stream; tried again while there is none.
  init(_ url: String, seconds: Int, within limit: Double = 90) async throws {
    let deadline = ContinuousClock.now + .seconds(limit)
    var program: ChildProgram
    repeat {
      program = try ChildProgram(dubwatchPath, ["probe", url, "--duration", "\(seconds)", "--json"])
      let status = try await program.exitStatus(within: limit)
      if status == 0 || status == 1 { break }
      try await Task.sleep(for: .milliseconds(200))
    } while ContinuousClock.now < deadline
    let report = try #require(
      try? JSONSerialization.jsonObject(with: Data(program.output.utf8)) as? [String: Any], "\(url): \(program.errors) \(program.output)")
    let segments = report["segments"] as? [[String: Any]] ?? []
    offsets = segments.compactMap { $0["content_offset_ms"] as? Double }
    deltas = segments.compactMap { $0["delta_ms"] as? Double }
    findings = (report["findings"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
  }
}
