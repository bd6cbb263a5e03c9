import Events
import Foundation
import HarnessCore
import ProcessGuard
import SocketIO
import Synchronization
import TestSupport
import Testing
import WireFormats

@testable import EmbeddedPipeline

/// A publisher, an origin, a worker, a speech service and a reader, all real and fast; one test's.
final class MediaRig: Sendable {
  let clock: ScaledClock
  let origin: StreamOrigin
  let speech: EchoSTSService
  let worker: MediaServiceWorker
  let base: String
  let speechPort: Int
  let workerPort: Int
  let processGuard = ProcessGuard(executable: nil)
  let directory: String
  private let packets = Mutex<[ProbedPacket]>([])

  /// - Parameter speed: of the pipeline.
  init(speed: Double, isInputAwaited: Bool = true, hasOutput: Bool = true) async throws {
    clock = ScaledClock(speed: speed, wallOrigin: WallTime(epochSeconds: Date().timeIntervalSince1970))
    directory = NSTemporaryDirectory() + "/dubwatch-media-" + Identifiers.uuid()
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    var settings = StreamOriginConfiguration()
    settings.port = 0
    origin = StreamOrigin(configuration: settings, clock: clock, log: .file(directory + "/origin.log"))
    base = "http://127.0.0.1:\(try await origin.start().main)"
    var echo = EchoSTSConfiguration()
    echo.port = 0
    echo.processingDelayMilliseconds = 500
    echo.isControlEnabled = true
    speech = EchoSTSService(configuration: echo, clock: clock, log: .file(directory + "/speech.log"))
    speechPort = try await speech.start()
    var media = MediaServiceConfiguration()
    media.port = 0
    media.stsURL = "http://127.0.0.1:\(speechPort)"
    media.inputURL = base + "/live/test/in"
    media.outputURL = hasOutput ? base + "/live/test/out" : nil
    media.isInputAwaited = isInputAwaited
    media.isControlEnabled = true
    media.logLevel = .debug
    worker = MediaServiceWorker(configuration: media, clock: clock, log: .file(directory + "/worker.log"), processGuard: processGuard)
    workerPort = try await worker.start()
  }

  /// A clip with a picture that moves and a tone, as an MPEG transport stream: 25 pictures a second, a key frame every second, B-frames.
  func clip(seconds: Int) async throws -> String {
    let path = directory + "/clip-\(seconds).ts"
    let child = try await processGuard.start(
      ChildRequest(
        "ffmpeg",
        [
          "-v", "error", "-f", "lavfi", "-i", "testsrc=size=160x90:rate=25", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
          "-t", "\(seconds)", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25", "-c:a", "aac", "-ac", "2", "-b:a", "64k",
          "-f", "mpegts", path,
        ]))
    let exit = await child.waitForExit()
    try #require(exit == .exited(0))
    return path
  }

  /// Publishes a file at the pipeline's speed.
  func publish(_ path: String, loops: Bool, to place: String = "live/test/in") async throws -> GuardedProcess {
    try await processGuard.start(
      ChildRequest(
        "ffmpeg",
        ["-v", "error", "-readrate", "\(clock.speed)"] + (loops ? ["-stream_loop", "-1"] : [])
          + ["-i", path, "-c", "copy", "-f", "mpegts", base + "/" + place]))
  }

  /// Reads the output's packets from when there is one on.
  func probe() async throws -> GuardedProcess? {
    let url = try #require(URL(string: base + "/v3/paths/list"))
    let isThere = await eventually(within: 30) { (try? await Fetch.text(url))?.body.contains("live/test/out") == true }
    try #require(isThere, "no output came")
    let lines = Mutex(LineAssembler())
    return try await processGuard.start(
      ChildRequest(
        "ffprobe",
        [
          "-v", "error", "-analyzeduration", "200000", "-show_entries", "packet=codec_type,pts,dts", "-of", "csv=p=0",
          base + "/live/test/out",
        ])
    ) { [weak self] channel, bytes in
      guard channel == .standardOutput else { return }
      let found = lines.withLock { lines in
        var found: [String] = []
        lines.append(bytes, to: &found)
        return found
      }
      for line in found { self?.take(line) }
    }
  }

  private func take(_ line: String) {
    let parts = line.split(separator: ",")
    guard parts.count >= 3, let pts = Int64(parts[1]), let dts = Int64(parts[2]) else { return }
    packets.withLock { $0.append(ProbedPacket(isVideo: parts[0] == "video", pts: pts, dts: dts)) }
  }

  func output(_ isVideo: Bool) -> [ProbedPacket] { packets.withLock { $0.filter { $0.isVideo == isVideo } } }

  /// Seconds of video that the reader has got.
  var outputSeconds: Double {
    let video = output(true)
    guard let first = video.first, let last = video.last else { return 0 }
    return Double(last.dts - first.dts) / 90_000
  }

  func control(worker body: JSONValue) async throws -> JSONValue {
    try await ControlCall.http("POST", at: ServiceAddress(port: workerPort), body: body)
  }

  func log(_ name: String = "worker") -> [JSONValue] {
    guard let text = try? String(contentsOfFile: directory + "/\(name).log", encoding: .utf8) else { return [] }
    return text.split(separator: "\n").compactMap { try? JSONValue.parse(String($0)) }
  }

  func messages(_ text: String) -> [JSONValue] { log().filter { $0["msg"]?.stringValue?.contains(text) == true } }

  func metric(_ series: String) async throws -> Double? {
    let url = try #require(URL(string: "http://127.0.0.1:\(workerPort)/metrics"))
    return try await Fetch.text(url).body.split(separator: "\n").first { $0.hasPrefix(series + " ") }
      .flatMap { Double($0.dropFirst(series.count + 1)) }
  }

  func end() async {
    await worker.stop()
    await processGuard.shutdown(grace: 1)
    await speech.stop()
    await origin.stop()
    try? FileManager.default.removeItem(atPath: directory)
  }
}

struct ProbedPacket: Sendable {
  var isVideo: Bool
  var pts: Int64
  var dts: Int64
}
