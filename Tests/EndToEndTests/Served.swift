import Foundation
import Testing

/// A service of the embedded pipeline as a program of its own, on a port that was free.
struct Served {
  /// The test stream.
  static let film = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("fixtures/stream/dubwatch-60s.mp4").path

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
      "ffmpeg", ["-v", "error", "-nostdin", "-readrate", "\(speed)", "-stream_loop", "-1", "-i", film, "-c", "copy"] + target)
  }

  /// Sends a body to `/control`; fails when it is not taken.
  func control(_ body: String) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }
    try #require(isConnected)
    let request = "POST /control HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    try #require(send(descriptor, request, request.utf8.count, 0) == request.utf8.count)
    var answer = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &answer, answer.count, 0)
    let text = String(decoding: answer.prefix(max(0, count)), as: UTF8.self)
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
